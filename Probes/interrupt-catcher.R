# expect: limit.wall — catching every condition and interrupt must not outlive SIGKILL
# unconfined: overruns
repeat tryCatch(Sys.sleep(1), interrupt = function(i) cat("still here\n"), condition = function(c) cat("still here\n"))
