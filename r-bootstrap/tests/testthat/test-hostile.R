test_that("a script that replaces base functions is still reported as failed", {
  run <- run_script(c(
    'for (n in c("print", "cat", "message", "tryCatch", "withCallingHandlers", "conditionMessage",',
    '            "deparse", "sys.calls", "vapply", "withVisible", "sink", "list.files")) {',
    '  unlockBinding(n, baseenv()); assign(n, function(...) invisible("hijacked"), envir = baseenv())',
    '}',
    'stop("still an error")'
  ))
  expect_equal(outcome(run), "failed")
  expect_equal(script_error(run)$message, "still an error")
  expect_equal(script_error(run)$line, 5)
})

test_that("a condition whose text never comes is ended from outside, without an outcome", {
  run <- run_script(c(
    'conditionMessage.bomb <- function(c) repeat Sys.sleep(1)',
    'registerS3method("conditionMessage", "bomb", conditionMessage.bomb)',
    'stop(structure(class = c("bomb", "error", "condition"), list(message = "m", call = NULL)))'
  ), seconds = 3)
  expect_equal(outcome(run), "none")
  expect_equal(run$status, 137)
})

test_that("options(error =) cannot make a failure a success", {
  run <- run_script(c('options(error = quote(cat("handled\\n")))', 'stop("boom")'))
  expect_equal(outcome(run), "failed")
  expect_equal(script_error(run)$message, "boom")
})

test_that("an exit finalizer and .Last do not run after the script", {
  run <- run_script(c(
    'reg.finalizer(globalenv(), function(e) repeat Sys.sleep(1), onexit = TRUE)',
    '.Last <- function() repeat Sys.sleep(1)', 'cat("done\\n")'
  ), seconds = 10)
  expect_equal(outcome(run), "completed")
  expect_equal(run$status, 0)
})

test_that("quitting is an end like any other, and its status decides", {
  run <- run_script('cat("before\\n"); q("no", status = 0, runLast = FALSE); cat("after\\n")')
  expect_equal(outcome(run), "completed")
  expect_equal(run$out, "before")
  failed <- run_script('f <- function() quit(status = 70)\nf()')
  expect_equal(outcome(failed), "failed")
  expect_equal(failed$status, 0)
  expect_equal(script_error(failed)[c("message", "exitCode", "line")], list(
    message = "the script ended itself with quit(status = 70)", exitCode = 70L, line = 2L
  ))
})

test_that("a process that exits behind R's back has no outcome", {
  run <- run_script(c('dyn.load(Sys.glob("/usr/lib/*/libc.so.6")[1])', '.C("_exit", 0L)'))
  expect_equal(outcome(run), "none")
})

test_that("closing everything takes nothing the harness needs", {
  run <- run_script(c(
    'while (sink.number() > 0) sink()', 'closeAllConnections(); graphics.off(); cat("still printing\\n")',
    'plot(1)', '1 + 1'
  ))
  expect_equal(outcome(run), "completed")
  expect_equal(run$charts, "chart-001.png")
  expect_equal(run$out, c("still printing", "[1] 2"))
})

test_that("a huge message is cut and says so", {
  run <- run_script('stop(strrep("\u00e9", 1e6), call. = FALSE)')
  expect_equal(nchar(script_error(run)$message, "bytes"), 8000)
  expect_true(script_error(run)$truncated)
})

test_that("runaway recursion is an error with a hint", {
  run <- run_script("f <- function(n) f(n + 1); f(1)")
  expect_equal(outcome(run), "failed")
  expect_match(script_error(run)$message, "too deeply|C stack usage")
  expect_match(hints(run), "without an end")
})

test_that("a parser that overflows is an error of the script's", {
  run <- run_script('parse(text = strrep("(", 2e5))')
  expect_equal(outcome(run), "failed")
})

test_that("a flood of conditions is counted, not kept", {
  run <- run_script('for (i in 1:1000) message("m ", i)')
  expect_lte(length(script_conditions(run)), 201)
  expect_match(script_conditions(run)[[201]]$message, "800 more conditions")
})

test_that("an error only signalled is not the one that ended the script", {
  run <- run_script('signalCondition(simpleError("first")); options(warn = 2); as.integer("x")')
  expect_match(script_error(run)$message, "converted from warning")
  run <- run_script('signalCondition(simpleError("only signalled")); cat("on\\n")')
  expect_equal(outcome(run), "completed")
})

test_that("a print method that fails is the script's error", {
  run <- run_script(c('print.bomb <- function(x, ...) stop("no printing")', 'structure(1, class = "bomb")'))
  expect_equal(outcome(run), "failed")
  expect_equal(script_error(run)$line, 2)
})
