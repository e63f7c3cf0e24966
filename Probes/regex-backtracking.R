# expect: limit.wall — one C call that never checks for interrupts; setTimeLimit cannot end it
# unconfined: overruns
setTimeLimit(elapsed = 1, transient = TRUE)
grepl("^(a*)*\\1b$", strrep("a", 60))
cat("finished\n")
