test_that("visible values are printed as R prints them, and the last is reported", {
  run <- run_script(c("x <- 1:3", "x", "invisible(4)", "(function() invisible(5))()", "y <- 6"))
  expect_equal(run$out, "[1] 1 2 3")
  expect_equal(script_value(run)$value, list(1, 2, 3))
})

test_that("S4 objects are shown, functions print with their source", {
  run <- run_script(c(
    'setClass("P", representation(x = "numeric"))',
    'setMethod("show", "P", function(object) cat("<P>\\n"))', 'new("P", x = 1)', "function(x) {", "  x # kept", "}"
  ))
  expect_equal(run$out, c("<P>", "function(x) {", "  x # kept", "}"))
})

test_that("the top level has no frames of the harness below it", {
  run <- run_script(c("if (sys.nframe() == 0) cat('main\\n')", "f <- function() sys.nframe()", "f()"))
  expect_equal(run$out, c("main", "[1] 1"))
})

test_that("loops at the top level are compiled without harm", {
  run <- run_script(c("for (i in 1:3) cat(i, '')", "while (i < 5) i <- i + 1", "repeat break", "i"))
  expect_equal(outcome(run), "completed")
  expect_equal(run$out, "1 2 3 [1] 5")
})

test_that("the session is the run's own", {
  run <- run_script(c(
    "stopifnot(grepl('/tmp/Rtmp', tempdir()), dir.exists(tempdir()))",
    "stopifnot(identical(basename(getwd()), 'work'), getOption('width') == 80)",
    "stopifnot(startsWith(Sys.getenv('HOME'), dirname(getwd())))", "ls(all.names = TRUE)"
  ))
  expect_equal(outcome(run), "completed")
})

test_that("a seed makes numbers the same, and of the documented kinds", {
  code <- c("runif(1)", "RNGkind()")
  one <- run_script(code, seed = 42L)
  expect_equal(one$out, run_script(code, seed = 42L)$out)
  expect_match(one$out[[1]], "0.914806")
  expect_match(one$out[[2]], "Mersenne-Twister.*Inversion.*Rejection")
})

test_that("byte order mark and carriage returns are no part of the code", {
  run <- run_script("\ufeffx <- 1\r\nx\r")
  expect_equal(run$out, "[1] 1")
})

test_that("a parse error has line, column and the offending line, and nothing runs", {
  run <- run_script(c("cat('ran\\n')", "x <-", "y y"))
  error <- script_error(run)
  expect_equal(outcome(run), "failed")
  expect_equal(run$out, character())
  expect_equal(error[c("kind", "line", "column", "source")], list(kind = "parse", line = 3, column = 3, source = "y y"))
})

test_that("an unfinished string and an unfinished block have a line", {
  expect_equal(script_error(run_script(c("x <- 1", "cat('a")))$line, 2)
  expect_equal(script_error(run_script(c("f <- function() {", "1")))$kind, "parse")
})

test_that("an empty script completes", {
  run <- run_script("# nothing")
  expect_equal(outcome(run), "completed")
  expect_length(of_kind(run, "value"), 0)
})

test_that("a parse error has its place where R does not name one", {
  fence <- script_error(run_script(c("```r", "plot(1)", "```")))
  expect_equal(fence[c("line", "column", "source")], list(line = 1, column = 2, source = "```r"))
  escape <- script_error(run_script(c("x <- 1", "read.csv('C:\\data.csv')", "y <- 2")))
  expect_equal(escape[c("line", "column")], list(line = 2, column = 14))
  unfinished <- script_error(run_script("f <- function() {"))
  expect_equal(unfinished[c("line", "column")], list(line = 2, column = 1))
})
