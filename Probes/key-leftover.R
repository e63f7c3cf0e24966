# expect: denied — no key outlives the run in the kernel's keyring of its user
# unconfined: breach
dyn.load("probes.so")
error <- .C("leave_key", 0L)[[1]]
cat(if (error == 0) "BREACH left behind" else "held", error, "\n")
