# expect: denied — or, where signals cannot be refused, Lambda's own timeout ends the environment
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
stat <- tryCatch(suppressWarnings(readLines(sprintf("/proc/%d/stat", parent))), error = function(e) NULL)
host <- if (is.null(stat)) parent - 1L else as.integer(strsplit(sub(".*\\) ", "", stat), " ")[[1]][2])
cat(if (tools::pskill(host, tools::SIGSTOP)) "BREACH stopped" else "held", host, "\n")
