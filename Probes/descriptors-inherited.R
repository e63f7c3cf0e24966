# expect: denied — nothing that the host or the zygote has open is open in a worker: 0 to 4 are its own
# unconfined: breach
dyn.load("probes.so")
count <- .C("count_descriptors", 5L, 0L)[[2]]
cat(if (count > 0) "BREACH" else "held", count, "\n")
