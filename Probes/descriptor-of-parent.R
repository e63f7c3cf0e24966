# expect: denied — no descriptor of the zygote can be taken
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
error <- .C("take_descriptor_of", parent, 0L)[[2]]
cat(if (error == 0) "BREACH" else "held", "taken", error, "\n")
