described <- function(value, rows = 20L) {
  jsonlite::fromJSON(json(describe_value(value, rows)), simplifyVector = FALSE)
}

test_that("scalars and short vectors are as they are", {
  expect_equal(described(2)$value, 2)
  expect_equal(described(c(1L, NA))$value, list(1L, NULL))
  expect_equal(described(c(NaN, Inf, -Inf, NA))$value, list("NaN", "Inf", "-Inf", NULL))
  expect_equal(described(c(a = TRUE))[c("names", "value")], list(names = list("a"), value = TRUE))
  expect_null(described(NULL)$value)
  expect_equal(described(0.1)$value, 0.1)
})

test_that("long vectors are shown by their start", {
  long <- described(1:1000)
  expect_equal(long$length, 1000)
  expect_length(long$preview, 20)
  expect_true(long$truncated)
  expect_null(described(1:100)$truncated)
  expect_true(described(strrep("x", 1000))$truncated)
})

test_that("a table has columns with types and a preview by records", {
  table <- data.frame(
    n = c(1, NA, Inf), s = c("x", NA, "\xe9"), d = as.Date("2024-01-31") + 0:2,
    t = as.POSIXct("2024-01-01 12:00:00", tz = "UTC") + 0:2, f = factor(c("u", NA, "v"))
  )
  table$l <- list(1, 2:3, mtcars)
  found <- described(table)
  expect_equal(found$rows, 3)
  expect_equal(
    vapply(found$columns, `[[`, "", "type"), c("double", "character", "Date", "POSIXct", "factor", "list")
  )
  expect_equal(found$preview[[1]]$d, "2024-01-31")
  expect_equal(found$preview[[1]]$t, "2024-01-01T12:00:00Z")
  expect_equal(found$preview[[3]][c("n", "s", "f", "l")], list(n = "Inf", s = "\ufffd", f = "v", l = "<data.frame 32 x 11>"))
  expect_equal(found$preview[[2]]$l, list(2L, 3L))
})

test_that("a wide and long table is bounded", {
  wide <- as.data.frame(matrix(strrep("x", 1000), 100, 80))
  found <- described(wide)
  expect_equal(c(found$rows, found$columnCount, length(found$columns), length(found$preview)), c(100, 80, 50, 20))
  expect_equal(nchar(found$preview[[1]][[1]]), 500)
})

test_that("odd tables survive", {
  expect_equal(described(data.frame())$rows, 0)
  expect_equal(described(mtcars[0, ])$preview, list())
  twice <- structure(list(1, 2), names = c("a", "a"), row.names = 1L, class = "data.frame")
  expect_named(described(twice)$preview[[1]], c("a", "a.1"))
  expect_equal(described(data.frame(m = I(matrix(1:4, 2))))$preview[[1]]$m, list(1L, 3L))
})

test_that("models are told by their summary, other things by their class", {
  expect_match(described(lm(mpg ~ wt, mtcars))$text, "Multiple R-squared")
  expect_match(described(t.test(mtcars$mpg))$text, "p-value")
  expect_equal(described(new.env())$type, "environment")
  expect_match(described(function(x, y = 2) x)$text, "function (x, y = 2)", fixed = TRUE)
  expect_equal(described(list(a = 1, e = globalenv()))$preview, list(a = 1L, e = "<environment>"))
  expect_equal(described(matrix(1:6, 2))$dim, list(2L, 3L))
})

test_that("no method of the value's class is called", {
  run <- run_script(c(
    "length.trap <- format.trap <- as.character.trap <- `[.trap` <- function(x, ...) stop('called')",
    "print.trap <- function(x, ...) cat('trap\\n')", "structure(1:3, class = 'trap')"
  ))
  expect_equal(outcome(run), "completed")
  expect_equal(script_value(run)$value, list(1, 2, 3))
})

test_that("a summary is told as it prints, and a model whose summary is none by itself", {
  expect_match(described(summary(lm(mpg ~ wt, mtcars)))$text, "Multiple R-squared")
  expect_match(described(hclust(dist(1:4)))$text, "Cluster method")
  expect_equal(described(y ~ x)$text, "y ~ x")
})

test_that("times of both kinds, and the names of rows and extents, are told", {
  time <- as.POSIXlt("2024-01-01 12:00:00", tz = "UTC")
  expect_equal(described(time)$value, "2024-01-01T12:00:00Z")
  table <- data.frame(a = 1, row.names = "first")
  table$t <- time
  expect_equal(described(table)[c("rowNames", "preview")], list(
    rowNames = list("first"), preview = list(list(a = 1L, t = "2024-01-01T12:00:00Z"))
  ))
  expect_null(described(data.frame(a = 1))$rowNames)
  expect_equal(described(table(1:2, c("u", "v")))$dimnames, list(list("1", "2"), list("u", "v")))
})
