# expect: denied — a descriptor's owner gets a signal when it is ready: a kill without kill(), by whatever number
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
error <- .C("signal_by_descriptor", parent, 9L, 0L)[[3]]
Sys.sleep(0.2)
cat(if (error == 0 && .C("own_parent", 0L)[[1]] != parent) "BREACH killed" else "held", error, "\n")
