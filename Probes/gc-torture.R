# expect: limit.wall — every allocation collects garbage; legal, only slow (limit.cpu is as good)
# unconfined: overruns
gctorture(TRUE)
for (i in 1:1e4) lm(mpg ~ wt, mtcars)
