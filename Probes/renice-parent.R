# expect: denied — the zygote cannot be slowed down
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
error <- .C("niceness_of", parent, 0L)[[2]]
cat(if (error == 0) "BREACH" else "held", "reniced", error, "\n")
