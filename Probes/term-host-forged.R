# expect: denied — the same, by a signal that names the first process as its sender
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
stat <- tryCatch(suppressWarnings(readLines(sprintf("/proc/%d/stat", parent))), error = function(e) NULL)
host <- if (is.null(stat)) parent - 1L else as.integer(strsplit(sub(".*\\) ", "", stat), " ")[[1]][2])
error <- .C("forge_signal", host, 15L, 0L)[[3]]
cat(if (error == 0) "BREACH" else "held", host, error, "\n")
if (error == 0) Sys.sleep(3)
