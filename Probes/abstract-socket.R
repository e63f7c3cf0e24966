# expect: denied — no socket outside of the file system, where another run or the host could meet it
# unconfined: breach
dyn.load("probes.so")
error <- .C("abstract_socket", 0L)[[1]]
cat(if (error == 0) "BREACH listening" else "held", error, "\n")
