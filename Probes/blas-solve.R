# expect: limit.wall — minutes inside LAPACK, deaf to R-level time limits (limit.cpu is as good)
# unconfined: overruns
setTimeLimit(elapsed = 1)
m <- matrix(runif(4.9e7), 7000)
invisible(solve(m))
