# expect: error — "evaluation nested too deeply" or "C stack usage", never a crash of the zygote
# unconfined: ends
f <- function(n) f(n + 1); f(1)
