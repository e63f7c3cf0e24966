# expect: denied — no shared memory, queue or semaphore outlives the run
# unconfined: breach
dyn.load("probes.so")
errors <- .C("leave_ipc", integer(3))[[1]]
cat(if (any(errors == 0)) "BREACH left behind" else "held", errors, "\n")
