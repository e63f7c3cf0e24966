# expect: denied — shared mappings, which RLIMIT_DATA does not count, are bounded too
# unconfined: breach
dyn.load("probes.so")
error <- .C("map_shared", 4L, 0L)[[2]]
cat(if (error == 0) "BREACH mapped" else "held", error, "\n")
