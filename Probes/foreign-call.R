# expect: error — a call by the 32-bit gate, where the same numbers are other calls, ends the process
# unconfined: breach
dyn.load("probes.so")
pid <- .C("call_foreign", 0L)[[1]]
cat(if (pid == Sys.getpid()) "BREACH answered" else "held", pid, "\n")
