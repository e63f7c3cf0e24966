# One R session that draws scripts with ragg: session.R WAY [SCRIPT...]. Draws each SCRIPT twice to warm up, and
# says "ready". Then it reads the path of a script a line, and answers each with the milliseconds that it took,
# and those of CPU in this process.
#
# WAY: `warm` draws in this session, `mcparallel` in a fork of it, `callr` in a new R; `rserve` serves
# connections on the port BENCH_PORT instead, and has draw() for them.
suppressPackageStartupMessages({
  library(ggplot2)
  library(dplyr)
  library(tidyr)
  library(scales)
})

draw <- function(path) {
  env <- new.env(parent = globalenv())
  ragg::agg_png(tempfile(fileext = ".png"), 1600, 1000, res = 150)
  on.exit(grDevices::dev.off())
  for (expression in parse(path, keep.source = FALSE)) {
    result <- withVisible(eval(expression, env))
    if (result$visible) print(result$value)
  }
  TRUE
}

ways <- list(
  warm = draw,
  mcparallel = function(path) parallel::mccollect(parallel::mcparallel(draw(path)))[[1]],
  callr = function(path) callr::r(function(draw, path) draw(path), list(draw, path))
)

milliseconds <- function() {
  times <- proc.time()
  1000 * c(as.numeric(Sys.time()), times[["user.self"]] + times[["sys.self"]])
}

arguments <- commandArgs(trailingOnly = TRUE)
for (path in rep(arguments[-1], 2)) draw(path)
way <- arguments[[1]]
if (way == "rserve") {
  Rserve::run.Rserve(port = as.integer(Sys.getenv("BENCH_PORT")), remote = FALSE)
} else {
  requests <- file("stdin", "r")
  cat("ready\n")
  while (length(path <- readLines(requests, 1))) {
    start <- milliseconds()
    stopifnot(isTRUE(ways[[way]](path)))
    cat(sprintf("%.3f", milliseconds() - start), "\n")
  }
}
