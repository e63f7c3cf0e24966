# expect: denied — no POSIX message queue outlives the run: MSGQUEUE is 0, filter or not
# unconfined: breach
dyn.load("probes.so")
error <- .C("leave_queue", 0L)[[1]]
cat(if (error == 0) "BREACH left behind" else "held", error, "\n")
