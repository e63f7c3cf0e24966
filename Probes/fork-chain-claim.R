# expect: denied — or, where programs run, dead before the answer: the same, and they hold the name that hosts take before they stop everything
# unconfined: breach
dyn.load("probes.so")
started <- .C("start_chains", 2L, 2L, 0L)[[3]]
cat(if (started > 0) "BREACH started" else "held", started, "\n")
