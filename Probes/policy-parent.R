# expect: denied — the zygote cannot be scheduled by another policy
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
error <- .C("policy_of", parent, 0L)[[2]]
cat(if (error == 0) "BREACH" else "held", error, "\n")
