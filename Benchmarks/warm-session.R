# The floor: one warm R session that evaluates scripts itself. Reads the path of a script a line,
# and answers each with the milliseconds that it took to draw it with ragg.
suppressPackageStartupMessages({
  library(ggplot2)
  library(dplyr)
  library(tidyr)
  library(scales)
})

draw <- function(path) {
  env <- new.env(parent = globalenv())
  ragg::agg_png("floor.png", 1600, 1000, res = 150)
  on.exit(grDevices::dev.off())
  for (expression in parse(path, keep.source = FALSE)) {
    result <- withVisible(eval(expression, env))
    if (result$visible) print(result$value)
  }
}

now <- function() as.numeric(Sys.time()) * 1000

requests <- file("stdin", "r")
cat("ready\n")
while (length(path <- readLines(requests, 1))) {
  start <- now()
  draw(path)
  cat(sprintf("%.3f\n", now() - start))
}
