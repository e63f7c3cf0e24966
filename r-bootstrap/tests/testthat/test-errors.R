test_that("an error has class, message, call, line, and the script's frames, innermost last", {
  run <- run_script(c(
    "f <- function(x) {", "  y <- x", "  g(y)", "}", "g <- function(z) {", "  log('a')", "}", "f(3)"
  ))
  error <- script_error(run)
  expect_equal(error$message, "non-numeric argument to mathematical function")
  expect_equal(unlist(error$class), c("simpleError", "error", "condition"))
  expect_equal(error$line, 8)
  expect_equal(
    error$traceback,
    list(list(call = "f(3)", line = 8L), list(call = "g(y)", line = 3L), list(call = 'log("a")', line = 6L))
  )
  expect_match(run$err[[1]], "^Error in log\\(\"a\"\\) : non-numeric")
})

test_that("frames of packages are left out of the traceback", {
  error <- script_error(run_script("invisible(lapply(1:3, function(i) stop('x', i)))"))
  calls <- vapply(error$traceback, `[[`, "", "call")
  expect_equal(calls, c("lapply(1:3, function(i) stop(\"x\", i))", "FUN(X[[i]], ...)", "stop(\"x\", i)"))
})

test_that("errors in sourced files and in pipes have the top-level line", {
  run <- run_script(c("x <- 1", "source('part.R')"), inputs = list(part.R = c("a <- 1", "stop('there')")))
  expect_equal(script_error(run)[c("message", "line")], list(message = "there", line = 2))
  run <- run_script(c("x <- 1", "c(1, 2) |>", "  sum() |>", "  stop()"))
  expect_equal(script_error(run)$line, 2)
})

test_that("conditions of the script's own classes keep them", {
  run <- run_script("stop(structure(class = c('mine', 'error', 'condition'), list(message = 'm', call = NULL)))")
  expect_equal(unlist(script_error(run)$class), c("mine", "error", "condition"))
})

test_that("what was finished before an error is kept", {
  run <- run_script(c("cat('text\\n')", "plot(1)", "plot(2)", "stop('late')"))
  expect_equal(run$charts, c("chart-001.png", "chart-002.png"))
  expect_equal(run$out, "text")
})

test_that("a long traceback is cut at its beginning, and says so", {
  frames <- script_error(run_script(c("f <- function(n) if (n == 0) stop('bottom') else f(n - 1)", "f(100)")))$traceback
  expect_length(frames, 50)
  expect_equal(frames[[1]], list(call = "\u2026", line = NULL))
  expect_equal(frames[[50]]$call, 'stop("bottom")')
})

test_that("a script that jumps to the top level failed, and of no earlier error", {
  scripts <- c(
    "invokeRestart('abort')", "try(stop('soft'), silent = TRUE); invokeRestart('abort')",
    "{ try(stop('soft'), silent = TRUE); invokeRestart('abort') }",
    "{ signalCondition(simpleError('soft')); invokeRestart('abort') }"
  )
  for (script in scripts) {
    run <- run_script(script)
    error <- script_error(run)
    expect_equal(outcome(run), "failed", info = script)
    expect_equal(error$message, "the script was stopped by invokeRestart(\"abort\")", info = script)
    expect_equal(error[c("class", "hints")], list(class = list(), hints = list()), info = script)
  }
  tidied <- "f <- function() { on.exit(try(log('a'), silent = TRUE)); stop('boom') }; f()"
  expect_equal(script_error(run_script(tidied))$message, "boom")
  expect_equal(script_error(run_script("globalCallingHandlers(NULL); stop('unheard')"))$message, "unheard")
})

test_that("an error that finds the stack full has the classes that R gives it", {
  classes <- function(code) unlist(script_error(run_script(code))$class)
  expect_equal(
    classes("f <- function(n) f(n + 1); f(1)"), c("CStackOverflowError", "stackOverflowError", "error", "condition")
  )
  expect_equal(
    classes("options(expressions = 100); f <- function(n) f(n + 1); f(1)"),
    c("expressionStackOverflowError", "stackOverflowError", "error", "condition")
  )
})

test_that("a message keeps the bytes at its end that are no character", {
  expect_equal(script_error(run_script("stop('a\\xe9')"))$message, "a\ufffd")
  expect_equal(script_error(run_script("stop('\\xe9t', '\\xe9')"))$message, "\ufffdt\ufffd")
})

test_that("what R does to make an error of a warning is no frame of the script's", {
  calls <- function(code) vapply(script_error(run_script(code))$traceback, `[[`, "", "call")
  expect_equal(calls(c("f <- function() as.integer('x')", "options(warn = 2)", "f()")), "f()")
  expect_equal(calls(c("options(warn = 2)", "f <- function() warning('w')", "f()")), c("f()", 'warning("w")'))
  expect_equal(
    calls(c("f <- function() withRestarts(log('a'), mine = function() 1)", "f()"))[1:2],
    c("f()", 'withRestarts(log("a"), mine = function() 1)')
  )
})

test_that("calls in a sourced file are frames, without a line of the script's", {
  run <- run_script("source('part.R')", inputs = list(part.R = c("a <- 1", "stop('there')")))
  expect_equal(
    script_error(run)$traceback,
    list(list(call = 'source("part.R")', line = 1L), list(call = 'stop("there")', line = NULL))
  )
})

test_that("an error from what was refused names the limit, and one that the script worded does not", {
  refused <- function(code) of_kind(run_script(code), "error")[[1]]$limit
  expect_equal(refused("numeric(1e15)"), "memory")
  expect_equal(refused("f <- function() numeric(1e15); f()"), "memory")
  expect_equal(refused("tryCatch(numeric(1e15), error = function(e) stop(e))"), "memory")
  expect_equal(
    refused("stop(structure(class = c('std::bad_alloc', 'error', 'condition'), list(message = 'std::bad_alloc')))"),
    "memory"
  )
  expect_null(refused("stop('cannot allocate vector of size 7.5 Gb')"))
  expect_null(refused("f <- function() stop('unable to fork, ', 'I said'); f()"))
  expect_null(refused("log('a')"))
})

test_that("a package's words for a refused allocation are known, whatever is around them", {
  skip_if_not_installed("dplyr")
  refused <- function(code) of_kind(run_script(code), "error")[[1]]$limit
  expect_equal(refused("dplyr::mutate(mtcars, x = numeric(1e15))"), "memory")
  expect_null(refused("rlang::abort('cannot allocate vector of size 7.5 Gb')"))
})
