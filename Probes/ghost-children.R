# expect: denied — children whose first thread has ended look dead, and are not: none outlives the run
# unconfined: breach
dyn.load("probes.so")
made <- .C("fork_ghosts", 6L, 0L)[[2]]
Sys.sleep(0.2)
cat(if (made > 0) "BREACH forked" else "held", made, "\n")
