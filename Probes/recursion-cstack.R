# expect: error — "C stack usage ... too close to the limit": the stack check must still know the right bounds in the fork
# unconfined: ends
options(expressions = 5e5); f <- function(n) tryCatch(f(n + 1), finally = NULL); f(1)
