# expect: denied — no ring, whose calls the filter would never see
# unconfined: breach
dyn.load("probes.so")
error <- .C("make_ring", 0L)[[1]]
cat(if (error == 0) "BREACH" else "held", error, "\n")
