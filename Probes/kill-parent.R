# expect: denied — or, where signals cannot be refused, a fault: the environment restarts and the next invocation is well
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
killed <- tools::pskill(parent, 9L)
Sys.sleep(0.2)
cat(if (killed) "BREACH signalled" else "held", parent, "\n")
