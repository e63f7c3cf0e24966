# expect: denied — or, where signals cannot be refused, the end of the environment: Lambda starts another
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
stat <- tryCatch(suppressWarnings(readLines(sprintf("/proc/%d/stat", parent))), error = function(e) NULL)
if (is.null(stat)) {
  cat(if (any(tools::pskill(parent - 1:64, 0L))) "BREACH found one" else "held", "\n")
} else {
  host <- as.integer(strsplit(sub(".*\\) ", "", stat), " ")[[1]][2])
  cat("host", host, "\n")
  cat(if (tools::pskill(host, 9L)) "BREACH killed" else "held", "\n")
}
