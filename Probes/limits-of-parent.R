# expect: denied — no limit of the zygote can be lowered
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
error <- .C("limit_of", parent, 0L)[[2]]
cat(if (error == 0) "BREACH" else "held", "lowered", error, "\n")
