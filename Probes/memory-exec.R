# expect: denied — no program is run from anonymous memory
# unconfined: breach
dyn.load("probes.so")
error <- .C("run_from_memory", 0L)[[1]]
cat(if (error == 0) "BREACH ran" else "held", error, "\n")
