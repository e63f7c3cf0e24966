# expect: denied — or, where signals cannot be refused, a fault: the zygote that does not answer is replaced
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
cat(if (tools::pskill(parent, tools::SIGSTOP)) "BREACH stopped" else "held", parent, "\n")
