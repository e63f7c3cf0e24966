# expect: denied — a limit of the host's is lowered, and the zygote killed at once, so that the run ends as a fault
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
stat <- tryCatch(suppressWarnings(readLines(sprintf("/proc/%d/stat", parent))), error = function(e) NULL)
host <- if (is.null(stat)) parent - 1L else as.integer(strsplit(sub(".*\\) ", "", stat), " ")[[1]][2])
error <- .C("limit_of", host, 0L)[[2]]
killed <- tools::pskill(parent, 9L)
Sys.sleep(0.2)
cat(if (error == 0 && killed) "BREACH" else "held", "lowered", error, "killed", killed, "\n")
