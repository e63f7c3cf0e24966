# expect: limit.wall — the first thread ends and another goes on: the run is not over, and ends at its limit
# unconfined: overruns
dyn.load("probes.so")
.C("leave_first_thread", 0L)
