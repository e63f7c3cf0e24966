# expect: denied — the zygote's memory cannot be read, nor be written to by the same call's twin
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
error <- .C("read_memory_of", parent, 0L)[[2]]
cat(if (error == 0) "BREACH" else "held", "read", error, "\n")
