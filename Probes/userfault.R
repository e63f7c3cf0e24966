# expect: denied — page faults stay the kernel's
# unconfined: breach
dyn.load("probes.so")
error <- .C("watch_faults", 0L)[[1]]
cat(if (error == 0) "BREACH" else "held", error, "\n")
