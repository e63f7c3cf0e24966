advice <- function(run) paste(vapply(of_kind(run, "advice"), `[[`, "", "advice"), collapse = " ")

advised <- function(code, inputs = list()) {
  run <- run_script(c("library(ggplot2)", code), inputs = inputs)
  expect_equal(outcome(run), "completed", info = code)
  advice(run)
}

# The script's own lines begin at 2.
draw <- "ggplot(mtcars, aes(wt, mpg)) + geom_point()"

test_that("plots that were made and never printed are named with their line", {
  skip_if_not_installed("ggplot2")
  table <- list(
    list(paste("p <-", draw), "The plot in `p` (line 2) was never printed. End the script with `p`."),
    list(c(paste("p <-", draw), "q <- p + theme_bw()"), "The plot in `q` (line 3) was never printed."),
    list(c("for (i in 1:2) {", paste("  p <-", draw), "  p", "}"), "The plot in `p` (line 3) was never printed. A loop"),
    list(paste("for (i in 1:2)", draw), "The plot made in line 2 was never printed. A loop"),
    list(c("f <- function() {", paste("  p <-", draw), "}", "f()"), "The plot in `p` (line 3) was never printed. `f()` returns"),
    list(c("f <- function() {", draw, "  cat('x')", "}", "f()"), "The plot made in line 3 was never printed. Let `f()`"),
    list(c(paste("f <- function(x)", draw), "for (i in 1:2) f(i)"), "The plot made in line 3 was never printed. A loop"),
    list(c("l <- list()", paste("for (i in 1:2) l[[i]] <-", draw)), "The list of plots in `l` (line 3) was never printed."),
    list("x <- lattice::xyplot(mpg ~ wt, mtcars)", "The plot in `x` (line 2) was never printed."),
    list(c(paste("p <-", draw), "if (interactive()) print(p)"), "The plot in `p` (line 2) was never printed."),
    list(paste("x <- sapply(1:2, function(i) {", draw, "; i })"), "The plot made in line 2 was never printed."),
    list(paste("assign(paste0('p', 1),", draw, ")"), "The plot in `p1` (line 2) was never printed."),
    list(c(paste("l <- lapply(1:2, function(i)", draw, ")"), "for (p in l) p"), "The plot in `p` (line 3) was never printed.")
  )
  for (row in table) expect_match(advised(row[[1]]), row[[2]], info = row[[1]], fixed = TRUE)
})

test_that("a composition and a widget that were never printed are told of", {
  skip_if_not_installed("patchwork")
  skip_if_not_installed("plotly")
  said <- advised(c(paste("a <-", draw), "b <- patchwork::wrap_plots(a, a)"))
  expect_match(said, "The plot in `b` (line 3) was never printed.", fixed = TRUE)
  expect_no_match(said, "`a`", fixed = TRUE)
  said <- advised("w <- plotly::plot_ly(mtcars, x = ~wt, y = ~mpg, type = 'scatter', mode = 'markers')")
  expect_match(said, "The plot in `w` (line 2) was never printed.", fixed = TRUE)
})

test_that("nothing is said of plots that were printed, used or never made", {
  skip_if_not_installed("ggplot2")
  table <- list(
    c(paste("p <-", draw), "p"),
    c(paste("p <-", draw), "p + theme_bw()", "p + theme_dark()"),
    c("f <- function() {", paste("  p <-", draw), "  print(p)", "}", "f()"),
    c("f <- function() {", paste("  p <-", draw), "  return(invisible(p))", "}", "x <- f()", "print(x)"),
    c(paste("l <- lapply(1:2, function(i)", draw, ")"), "for (p in l) print(p)"),
    c(paste("l <- list(", draw, ")"), "invisible(lapply(l, print))"),
    c("if (TRUE) {", paste("  p <-", draw), "  p", "}"),
    paste("if (FALSE) for (i in 1)", draw),
    c(paste("p <-", draw), "g <- ggplotGrob(p)", "grid::grid.draw(g)"),
    c("delayedAssign('p', stop('forced'))", "makeActiveBinding('q', function() stop('read'), globalenv())", draw)
  )
  for (code in table) expect_equal(advised(code), "", info = code)
})

test_that("a plot that was saved is not one that was never printed", {
  skip_if_not_installed("ggplot2")
  save <- "ggsave('x.png', width = 3, height = 3)"
  expect_equal(advised(c(paste("p <-", draw), "p", save)), "")
  for (code in list(c(paste("p <-", draw), save), c("for (i in 1) {", draw, save, "}"))) {
    expect_match(advised(code), "^No chart was drawn: only the file `x.png` was saved.", info = code)
  }
})

test_that("pictures in which nothing was drawn are told of", {
  expect_match(advised("ggsave('x.png', width = 3, height = 3)"), "Nothing was drawn in `x.png`", fixed = TRUE)
  expect_match(advised(c("pdf('x.pdf')", "invisible(dev.off())")), "Nothing was drawn in `x.pdf`", fixed = TRUE)
  expect_match(advised(c("png('x.png')", "invisible(dev.off())")), "Nothing was drawn in `x.png`", fixed = TRUE)
  expect_no_match(advised(c("png('x.png')", "plot(1)", "invisible(dev.off())")), "Nothing")
})

test_that("a layer that drew nothing is told of with its line and the package that is missing", {
  skip_if(requireNamespace("hexbin", quietly = TRUE))
  said <- advised(c("ggplot(mtcars, aes(wt, mpg)) +", "  geom_hex()"))
  expect_match(said, "`geom_hex()` (line 3) drew nothing, because package 'hexbin' is not installed. Use geom_bin2d().", fixed = TRUE)
})

test_that("a table in another encoding or with other separators is told of with the argument", {
  write <- function(text, to) sprintf("writeBin(iconv('%s', 'UTF-8', '%s', toRaw = TRUE)[[1]], 'x.csv')", text, to)
  latin1 <- write("stadt,n\\nK\\u00f6ln,1\\n", "latin1")
  expect_match(
    advised(c(latin1, "d <- read.csv('x.csv')")),
    'not UTF-8 but latin1. Read it with read.csv("x.csv", fileEncoding = "latin1")',
    fixed = TRUE
  )
  skip_if_not_installed("readr")
  expect_match(advised(c(latin1, "d <- readr::read_csv('x.csv')")), 'locale = locale(encoding = "latin1")', fixed = TRUE)
  utf16 <- advised(c(write("stadt,n\\nK\\u00f6ln,1\\n", "UTF-16LE"), "d <- suppressWarnings(read.csv('x.csv'))"))
  expect_match(utf16, 'fileEncoding = "UTF-16LE"', fixed = TRUE)
  expect_match(advised("d <- read.csv('s.csv')", list(s.csv = c("a;n", "x;1,5"))), 'read.csv2("s.csv")', fixed = TRUE)
  expect_equal(advised("d <- read.csv('s.csv')", list(s.csv = c("a,n", "K\u00f6ln,1"))), "")
  expect_equal(advised(c(latin1, "d <- read.csv('x.csv', fileEncoding = 'latin1')")), "")
})

test_that("output of a sourced file that went nowhere is told of", {
  part <- list(part.R = c("x <- 1", draw))
  expect_match(advised("source('part.R')", part), "line 2 of 'part.R' shows went nowhere", fixed = TRUE)
  expect_equal(advised("source('part.R', echo = TRUE)", part), "")
  expect_equal(advised("source('part.R')", list(part.R = c("f <- function() 1", "cat('x')"))), "")
})

test_that("at most five sentences are said, and none of a script that failed", {
  run <- run_script(c("library(ggplot2)", sprintf("p%d <- %s", 1:9, draw)))
  expect_lte(length(of_kind(run, "advice")), 5)
  expect_length(of_kind(run_script(c("library(ggplot2)", paste("p <-", draw), "stop('x')")), "advice"), 0)
})
