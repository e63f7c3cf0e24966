# expect: denied — no limit can be raised again
# unconfined: breach
dyn.load("probes.so")
error <- .C("lift_limits", 0L)[[1]]
cat(if (error == 0) "BREACH lifted" else "held", error, "\n")
