# expect: denied — memory of the kernel that no limit counts, which goes with the run's processes and files
# unconfined: breach
dyn.load("probes.so")
ways <- c("attribute", "pipe", "memfd", "timer", "locks")[.C("hold_memory", integer(5))[[1]] != 0]
cat(if (length(ways)) "BREACH" else "held", ways, "\n")
