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

test_that("packages that are not installed are named at once, each with what to use instead", {
  run <- run_script(c(
    "library(stats)", "library(zzzaaa)", "if (!require('zzzbbb')) install.packages('zzzccc')", "pacman::p_load(zzzddd, 'zzzeee')",
    "zzzfff::f()", "x <- c('zzzggg', 'utils')", "lapply(x, library, character.only = TRUE)"
  ))
  said <- unlist(script_error(run)$hints)
  expect_length(said, 1)
  for (name in paste0("zzz", c("aaa", "bbb", "ccc", "ddd", "eee", "fff", "ggg"))) {
    expect_match(said, paste0("Package '", name, "' is not installed"), fixed = TRUE)
  }
  expect_no_match(said, "'(stats|utils)' is not")
  skip_if(requireNamespace("MetBrewer", quietly = TRUE))
  skip_if_not_installed("ggplot2")
  expect_match(hints(run_script("library(MetBrewer)")), "'MetBrewer' is not installed: use scale_fill_brewer()", fixed = TRUE)
  expect_match(hints(run_script("met.brewer('Klimt')")), "'met.brewer' comes from package 'MetBrewer'", fixed = TRUE)
  told <- run_script("stop('The package `MetBrewer` is required for this.')")
  expect_match(hints(told), "'MetBrewer' is not installed", fixed = TRUE)
})

test_that("each substitute is for a package that the row does not need, and no package is guessed by spelling", {
  rows <- rampart:::package_table("substitutes.tsv")
  expect_true(all(nzchar(rows$instead)) && !any(rows$package == rows$needs))
  expect_false(any(duplicated(rows[c("package", "needs")])))
  expect_equal(rampart:::misspelt("dplry", c("dplyr", "plyr", "fs")), "dplyr")
  expect_equal(rampart:::misspelt("gridExtra", c("grid", "gtable")), character())
  for (name in c("sf", "gridExtra", "hrbrthemes", "ggrepel")) expect_true(rampart:::is_known_package(name))
})

test_that("features newer than what is installed are said to be so", {
  newer <- rampart:::package_table("newer.tsv")
  expect_false(any(is.na(package_version(newer$version))))
  skip_if(getRversion() >= "4.4")
  expect_match(hints(run_script("NULL %||% 1")), "'%||%' needs R 4.4.0", fixed = TRUE)
})

test_that("a model's commonest slips are answered with what to change", {
  table <- list(
    list("```r\nplot(1)\n```", "Markdown fence"),
    list("x <- 1\ny <- \u201ca\u201d", "Line 2 has typographic quotes"),
    list("print('a\u2019)", "typographic quotes"),
    list("import pandas as pd\ndf = pd.read_csv('a')", "Line 1 is Python"),
    list("def f(x):\n  return x", "Line 1 is Python"),
    list("x <- True", "'True' is not R. Write TRUE"),
    list("len(1:3)", "Write length()"),
    list("x &lt;- 5", "HTML entities"),
    list("library(stats)\\nplot(1)", "escaped twice"),
    list("> plot(1)", "copied from a console"),
    list("Here is the code:\nplot(1)", "prose"),
    list("x <- [1, 2]", "c(1, 2)"),
    list("f(c(1, 2\ny <- 3", "bracket ( of line 1 is not closed before line 2"),
    list("f <- function() {", "bracket { of line 1 is not closed"),
    list("if (TRUE) 1\nelse 2", "} else {"),
    list("df$x", "'df' is a function here"),
    list("filter(mtcars, cyl == 4)", "write dplyr::filter()"),
    list("diamonds", "'diamonds' is a data set of package 'ggplot2': library(ggplot2) first"),
    list("x <- as.numeric(readline('?')); stopifnot(!is.na(x))", "Nobody answers readline()"),
    list("menu(c('a', 'b'))", "Nobody answers menu()"),
    list("stop('RStudio not running')", "There is no RStudio here"),
    list("d <- data.frame(price = '$1,200'); sum(d$price)", "'price' of d is text, such as '$1,200'")
  )
  for (row in table) {
    run <- run_script(strsplit(row[[1]], "\n", fixed = TRUE)[[1]])
    expect_match(hints(run), row[[2]], info = row[[1]], fixed = TRUE)
  }
})

test_that("a table that was misread is said to be so where the script failed", {
  run <- run_script("d <- read.csv('s.csv'); d[, 'n']", inputs = list(s.csv = c("a;n", "x;1,5")))
  expect_match(hints(run), 'Read it with read.csv2("s.csv").', fixed = TRUE)
  bytes <- "writeBin(as.raw(c(0x61, 0x0a, 0x4b, 0xf6, 0x6c, 0x6e, 0x0a)), 'x.csv')"
  run <- run_script(c(bytes, "d <- read.csv('x.csv')", "toupper(d$a)", "nchar(d$a)"))
  expect_match(hints(run), 'fileEncoding = "latin1"', fixed = TRUE)
})
