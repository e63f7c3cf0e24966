test_that("warnings and messages come in order, with their lines, and on stderr", {
  run <- run_script(c('warning("w1")', 'message("m1")', "f <- function() warning('w2')", "f()"))
  seen <- script_conditions(run)
  expect_equal(vapply(seen, `[[`, "", "kind"), c("warning", "message", "warning"))
  expect_equal(vapply(seen, `[[`, "", "message"), c("w1", "m1", "w2"))
  expect_equal(vapply(seen, `[[`, 1L, "line"), c(1L, 2L, 4L))
  expect_equal(seen[[3]]$call, "f()")
  expect_equal(run$err, c("Warning: w1", "m1", "Warning in f() : w2"))
})

test_that("repeats are counted, and the count replaces the last", {
  seen <- script_conditions(run_script(c('for (i in 1:5) message("same")', 'message("other")')))
  expect_equal(vapply(seen, `[[`, 1L, "count"), c(1L, 5L, 1L))
  expect_equal(seen[[2]]$message, "same")
})

test_that("deprecations are a kind of their own", {
  seen <- script_conditions(run_script(c("f <- function() .Deprecated('g')", "f()")))
  expect_equal(seen[[1]]$kind, "deprecation")
})

test_that("what the script muffles is not reported", {
  run <- run_script(c(
    'suppressWarnings(warning("w"))', 'suppressMessages(message("m"))', 'try(stop("e"), silent = TRUE)',
    'tryCatch(stop("e"), error = function(e) NULL)', 'options(warn = -1); warning("unseen")'
  ))
  expect_equal(outcome(run), "completed")
  expect_length(script_conditions(run), 0)
})

test_that("whatever bytes a message has, the report is valid UTF-8", {
  run <- run_script(c('message("\\xe9 latin1")', 'x <- "\\xe9"; Encoding(x) <- "latin1"; message(x)', "message('\\001')"))
  expect_equal(vapply(script_conditions(run), `[[`, "", "message"), c("\ufffd latin1", "\u00e9", "\001"))
})
