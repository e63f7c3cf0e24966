# expect: denied — children that are made the zygote's, and not the worker's: none stays, dead or alive
# unconfined: breach
dyn.load("probes.so")
made <- .C("fork_siblings", 6L, 0L)[[2]]
Sys.sleep(0.2)
cat(if (made > 0) "BREACH forked" else "held", made, "\n")
