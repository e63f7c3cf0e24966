test_that("a printed widget is one page that needs nothing else", {
  skip_if_not_installed("plotly")
  run <- run_script(c(
    "suppressMessages(library(plotly))", "p <- plot_ly(mtcars, x = ~wt, y = ~mpg, type = 'scatter', mode = 'markers')",
    "p", "for (i in 1) print(p)"
  ))
  expect_equal(outcome(run), "completed")
  expect_equal(run$charts, c("chart-001.html", "chart-002.html"))
  page <- paste(readLines(file.path(run$folder, "chart-001.html"), warn = FALSE), collapse = "\n")
  expect_false(grepl("<script[^>]+src=|<link[^>]+href=", page))
  expect_match(page, "Content-Security-Policy", fixed = TRUE)
  expect_match(page, "application/json", fixed = TRUE)
})

test_that("a widget of a fixed size has it, and another has none", {
  skip_if_not_installed("plotly")
  run <- run_script(c(
    "suppressMessages(library(plotly))",
    "plot <- function(...) plot_ly(mtcars, x = ~wt, y = ~mpg, type = 'scatter', mode = 'markers', ...)",
    "plot(width = 400, height = 300)", "plot()", "plot(height = '250px')"
  ))
  sizes <- lapply(of_kind(run, "chart"), function(frame) frame[intersect(c("width", "height"), names(frame))])
  expect_equal(unname(lapply(sizes, unlist)), list(c(width = 400L, height = 300L), NULL, c(height = 250L)))
})
