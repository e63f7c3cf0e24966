# expect: denied — the same with a zygote that is stopped, and answers nobody
# unconfined: breach
dyn.load("probes.so")
made <- .C("fork_away", 10L, 0L)[[2]]
stopped <- tools::pskill(.C("own_parent", 0L)[[1]], tools::SIGSTOP)
cat(if (made > 0 && stopped) "BREACH" else "held", made, "forked", stopped, "\n")
