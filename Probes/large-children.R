# expect: denied — children that leave the session with memory that takes time to give back: killed, and no taint
# unconfined: breach
dyn.load("probes.so")
made <- .C("fork_large", 3L, 300L, 0L)[[3]]
Sys.sleep(1)
cat(if (made > 0) "BREACH forked" else "held", made, "\n")
