# expect: harmless — globals, options, namespaces and the random seed of one run are not there in the next; run twice
# unconfined: ends
if (exists(".probe_state", envir = globalenv()) || !is.null(getOption("probe_state")) || !is.null(attr(ggplot2::theme_grey, "probe"))) cat("BREACH\n")
assign(".probe_state", 1, envir = globalenv()); options(probe_state = 1)
g <- ggplot2::theme_grey; attr(g, "probe") <- 1; assignInNamespace("theme_grey", g, "ggplot2")
cat("seed", runif(1), "\n")
