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
    list("f <- function() f(); f()", "without an end"),
    list("read.csv('data/sales.csv')", "no folder 'data' in the working directory"),
    list("write.csv(mtcars, '/nowhere/out.csv')", "Outside of its working directory"),
    list("pdf('/nowhere/out.pdf')", "Outside of its working directory"),
    list("mean(cyl, data = mtcars)", "'cyl' is a column of mtcars"),
    list("stats::medain(1)", "Package 'stats' has no 'medain'; the nearest name is 'median'"),
    list("stop('getaddrinfo() thread failed to start')", "no network"),
    list("stop('Unable to resolve host: example.com')", "no network"),
    list("stop('Native call to `processx_exec` failed')", "No shell"),
    list("warning('cannot open pipe() cmd \\'ls\\': no'); stop('cannot open the connection')", "No shell")
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

test_that("hints say nothing twice, and nothing of inputs where none is meant", {
  expect_length(unlist(script_error(run_script("write.csv(mtcars, '/nowhere/out.csv')"))$hints), 1)
  piped <- run_script("warning('cannot open pipe() cmd \\'ls\\': no'); stop('cannot open the connection')")
  expect_length(unlist(script_error(piped)$hints), 1)
  commanded <- run_script("stop('File \\'', tempfile(), '\\' does not exist or is non-readable.')")
  expect_length(unlist(script_error(commanded)$hints), 0)
  d <- run_script("a <- b <- data.frame(total = 1); a[, 'totals']")
  expect_match(hints(d), "the nearest name is 'total'.", fixed = TRUE)
})

test_that("a warning that nobody would understand is followed by what it means, once", {
  run <- run_script("for (i in 1:2) warning('error in running command', call. = FALSE)")
  texts <- vapply(script_conditions(run), `[[`, "", "message")
  expect_equal(sum(grepl("No shell", texts)), 1)
})

test_that("packages' own words for what is missing are answered", {
  skip_if_not_installed("dplyr")
  run <- run_script("dplyr::left_join(data.frame(x = 1), dplyr::tibble(y = 2), by = 'a')")
  expect_match(hints(run), "Columns of data.frame(x = 1): 'x'. Columns of dplyr::tibble(y = 2): 'y'.", fixed = TRUE)
  skip_if_not_installed("readxl")
  run <- run_script("readxl::read_excel('x.xlsx')", inputs = list(sales.csv = "a"))
  expect_match(hints(run), "'sales.csv'", fixed = TRUE)
})
