# expect: denied — standard input is this run's alone: no lock and no flag on it is there for another; run twice
# unconfined: breach
dyn.load("probes.so")
marks <- .C("mark_input", 0L, 0L)
cat(if (any(unlist(marks) > 0)) "BREACH" else "held", "left before:", marks[[1]], "seen by others:", marks[[2]], "\n")
