# expect: denied — a lock on a file that every run can read is seen by other runs as long as this one lives
# unconfined: breach
dyn.load("probes.so")
seen <- .C("lock_file", file.path(R.home(), "library", "base", "DESCRIPTION"), 0L)[[2]]
cat(if (seen > 0) "BREACH" else "held", seen, "kinds of lock\n")
