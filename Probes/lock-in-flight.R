# expect: denied — a lock on a file on its way through a socket outlives its process, and is gone before the next run; run twice
# unconfined: breach
dyn.load("probes.so")
seen <- .C("lock_in_flight", file.path(R.home(), "library", "base", "DESCRIPTION"), 0L, 0L)
cat(if (any(unlist(seen[-1]) > 0)) "BREACH" else "held", "left over:", seen[[2]], "outlived:", seen[[3]], "\n")
