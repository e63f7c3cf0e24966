# expect: limit.wall — minutes inside LAPACK, deaf to R-level time limits (limit.cpu is as good)
# unconfined: overruns
setTimeLimit(elapsed = 1)
m <- matrix(runif(2.5e7), 5000)
invisible(solve(m))
