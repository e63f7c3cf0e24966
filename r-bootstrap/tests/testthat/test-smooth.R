smoothed <- function(...) {
  lines <- c(
    "library(ggplot2)", "rampart:::spare_mgcv()",
    "smooth <- function(...) layer_data(ggplot(mpg, aes(displ, hwy)) + geom_smooth(...))",
    ...
  )
  run_script(lines)
}

test_that("a smooth without mgcv does not load it", {
  run <- smoothed(
    "rows <- nrow(smooth(method = 'loess', formula = y ~ x)) + nrow(smooth(method = lm, formula = y ~ x))",
    "c(rows, isNamespaceLoaded('mgcv'), isNamespaceLoaded('Matrix'))"
  )
  expect_identical(run$out, "[1] 160   0   0")
})

test_that("a smooth with mgcv is that of ggplot2, whichever way it is named", {
  methods <- c("'gam'", "mgcv::gam")
  for (method in methods) {
    code <- sprintf("sum(smooth(method = %s, formula = y ~ s(x, bs = 'cs'))$y)", method)
    spared <- smoothed(code)
    plain <- run_script(c(
      "library(ggplot2)", "smooth <- function(...) layer_data(ggplot(mpg, aes(displ, hwy)) + geom_smooth(...))",
      code
    ))
    expect_identical(outcome(spared), "completed")
    expect_identical(spared$out, plain$out)
  }
})

test_that("a call is replaced wherever it stands, and nothing else is", {
  code <- quote(function(a, b = x[, 1]) if (f(x) && !f(y)) f(x))
  expect_identical(
    replace_call(code, quote(f(x)), quote(g(x))),
    quote(function(a, b = x[, 1]) if (g(x) && !f(y)) g(x))
  )
})
