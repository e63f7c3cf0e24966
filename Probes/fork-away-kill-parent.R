# expect: denied — children that leave the session, and a zygote killed at once: the next run must meet none of them
# unconfined: breach
dyn.load("probes.so")
made <- .C("fork_away", 10L, 0L)[[2]]
killed <- tools::pskill(.C("own_parent", 0L)[[1]], 9L)
Sys.sleep(0.2)
cat(if (made > 0 && killed) "BREACH" else "held", made, "forked", killed, "\n")
