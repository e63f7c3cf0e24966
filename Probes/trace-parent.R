# expect: denied — the zygote cannot be traced
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
error <- .C("trace", parent, 0L)[[2]]
cat(if (error == 0) "BREACH" else "held", "traced", error, "\n")
