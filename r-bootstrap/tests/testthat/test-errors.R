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
