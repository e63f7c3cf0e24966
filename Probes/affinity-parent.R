# expect: denied — the zygote, which every later run is forked from, cannot be pinned to one processor
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
error <- .C("affinity_of", parent, 0L)[[2]]
cat(if (error == 0) "BREACH" else "held", "pinned", error, "\n")
