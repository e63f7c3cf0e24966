# expect: denied — or the end of the environment: a script cannot have the host say that the platform shut it down
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
stat <- tryCatch(suppressWarnings(readLines(sprintf("/proc/%d/stat", parent))), error = function(e) NULL)
if (is.null(stat)) {
  cat(if (any(tools::pskill(parent - 1:64, 15L))) "BREACH signalled one" else "held", "\n")
} else {
  host <- as.integer(strsplit(sub(".*\\) ", "", stat), " ")[[1]][2])
  cat(if (tools::pskill(host, 15L)) "BREACH" else "held", host, "\n")
  Sys.sleep(3)
}
