# expect: limit.wall — an empty loop ends at the deadline; the host answers in time (limit.cpu is as good)
# unconfined: overruns
repeat {}
