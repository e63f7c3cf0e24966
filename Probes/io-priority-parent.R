# expect: denied — the zygote's reading and writing cannot be put behind everyone else's
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
error <- .C("io_priority_of", parent, 0L)[[2]]
cat(if (error == 0) "BREACH" else "held", error, "\n")
