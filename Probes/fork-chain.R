# expect: denied — or, where programs run, dead before the answer: chains of processes, each of which starts the next and ends
# unconfined: breach
dyn.load("probes.so")
started <- .C("start_chains", 2L, 0L, 0L)[[3]]
cat(if (started > 0) "BREACH started" else "held", started, "\n")
