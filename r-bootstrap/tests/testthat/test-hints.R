test_that("unknown names are answered with the nearest that exist", {
  table <- list(
    list("totals <- 1; total", "'totals'"),
    list("f <- function(amount) amuont + 1; f(1)", "'amount'"),
    list("mtcars[, 'mpgg']", "'mpg'"),
    list("with(mtcars, mean(cyll))", "'cyl'"),
    list("maen(1)", "'mean'"),
    list("library(stast)", "'stats'"),
    list("rnorm(1, men = 2)", "'mean'"),
    list("read.csv('sale.csv')", "sales.csv"),
    list("install.packages('x', repos = NULL, lib = '/nowhere')", "cannot be installed"),
    list("f <- function() f(); f()", "without an end")
  )
  for (row in table) {
    run <- run_script(row[[1]], inputs = list(sales.csv = "a,b"))
    expect_equal(outcome(run), "failed", info = row[[1]])
    expect_match(hints(run), row[[2]], info = row[[1]], fixed = TRUE)
  }
})

test_that("columns of tibbles and of ggplots are found", {
  skip_if_not_installed("ggplot2")
  run <- run_script(c("library(ggplot2)", "ggplot(mtcars, aes(wtt, mpg)) + geom_point()"))
  expect_match(hints(run), "'wt'", fixed = TRUE)
  expect_equal(run$charts, character())
  run <- run_script(c("library(ggplot2)", "ggplot(mtcars, aes(wt, mpg)) + geom_point() + facet_wrap(~cyll)"))
  expect_match(hints(run), "'cyl'", fixed = TRUE)
  run <- run_script("ggplot(mtcars)")
  expect_match(hints(run), "library(ggplot2)", fixed = TRUE)
})
