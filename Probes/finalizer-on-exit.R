# expect: limit.wall — an exit finalizer runs after the script is over; leave with _exit, or by the watchdog (harmless is as good)
# unconfined: overruns
reg.finalizer(globalenv(), function(e) repeat Sys.sleep(1), onexit = TRUE)
cat("done\n")
