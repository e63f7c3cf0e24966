# expect: denied — or, where programs run, dead before the answer: the same, and timers continue them when the host stops them
# unconfined: breach
dyn.load("probes.so")
started <- .C("start_chains", 2L, 1L, 0L)[[3]]
cat(if (started > 0) "BREACH started" else "held", started, "\n")
