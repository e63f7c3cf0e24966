# expect: limit.wall — sleeping costs no CPU, so only the watchdog can end it
# unconfined: overruns
Sys.sleep(1e6)
