# expect: denied — children that leave the session, and the host killed: the next host must not leave them to its runs
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
stat <- tryCatch(suppressWarnings(readLines(sprintf("/proc/%d/stat", parent))), error = function(e) NULL)
host <- if (is.null(stat)) parent - 1L else as.integer(strsplit(sub(".*\\) ", "", stat), " ")[[1]][2])
made <- .C("fork_away", 10L, 0L)[[2]]
stopped <- tools::pskill(parent, tools::SIGSTOP)
killed <- tools::pskill(host, 9L)
cat(if (made > 0 && killed) "BREACH" else "held", made, "forked", stopped, killed, "\n")
