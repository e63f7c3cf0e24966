# expect: limit.wall — print, format, toString and length of the last value may run for ever
# unconfined: overruns
print.bomb <- format.bomb <- length.bomb <- function(x, ...) repeat Sys.sleep(1)
structure(1, class = "bomb")
