# expect: denied — no child leaves the session to outlive the run; where it can, it is found and killed before the answer
# unconfined: breach
dyn.load("probes.so")
made <- .C("fork_away", 40L, 0L)[[2]]
cat(if (made > 0) "BREACH forked" else "held", made, "\n")
