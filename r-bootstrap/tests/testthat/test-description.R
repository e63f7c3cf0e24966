test_that("a ggplot is described after the outcome, from what it drew", {
  skip_if_not_installed("ggplot2")
  run <- run_script(c(
    "library(ggplot2)", "ggplot(mtcars, aes(wt, mpg, colour = factor(cyl))) + geom_point() +",
    "  facet_wrap(~gear) + labs(title = 'T', y = 'Miles') + scale_x_continuous(limits = c(1, 6))", "plot(1)"
  ))
  kinds <- vapply(run$frames, `[[`, "", "kind")
  expect_equal(tail(kinds, 2), c("end", "description"))
  found <- of_kind(run, "description")[[1]]
  expect_equal(found$name, "chart-001.png")
  expect_match(found$alt, "Scatter plot of Miles by wt, titled .T., .*in panels by gear. 32 marks drawn.")
  about <- found$description
  expect_equal(about$title, "T")
  expect_equal(about$layers[[1]][c("geom", "stat", "rows")], list(geom = "point", stat = "identity", rows = 32))
  expect_equal(about$layers[[1]]$mapping, list(x = "wt", y = "mpg", colour = "factor(cyl)"))
  expect_equal(about$scales[[1]][c("aesthetic", "limits")], list(aesthetic = "x", limits = list(1, 6)))
  expect_equal(about$facets, list(type = "wrap", by = list("gear")))
})

test_that("a description that fails or loops changes no outcome", {
  skip_if_not_installed("ggplot2")
  run <- run_script(c(
    "library(ggplot2)", "p <- ggplot(mtcars, aes(wt, mpg)) + geom_point()", "print(p)",
    "unlockBinding('deparse', baseenv()); assign('deparse', function(...) repeat Sys.sleep(1), baseenv())"
  ), seconds = 10)
  expect_equal(outcome(run), "completed")
})

test_that("dates are dates, and what transforms a scale is named", {
  skip_if_not_installed("ggplot2")
  run <- run_script(c(
    "library(ggplot2)",
    "ggplot(economics, aes(date, unemploy)) + geom_line() + scale_y_log10() + labs(x = expression(x^2))"
  ))
  about <- of_kind(run, "description")[[1]]$description
  expect_equal(about$scales[[1]]$limits, list("1967-07-01", "2015-04-01"))
  expect_equal(about$scales[[2]]$transformation, "log-10")
  expect_equal(about$labels, list(x = "x^2", y = "unemploy"))
})

test_that("a composition within a composition has all its plots", {
  skip_if_not_installed("patchwork")
  run <- run_script(c(
    "library(ggplot2); library(patchwork)", "p <- ggplot(mtcars, aes(factor(cyl))) + geom_bar()",
    "(p + ggtitle('a') | p + ggtitle('b')) / (p + ggtitle('c'))"
  ))
  parts <- of_kind(run, "description")[[1]]$description$plots
  expect_equal(vapply(parts, `[[`, "", "title"), c("a", "b", "c"))
  expect_named(parts[[1]]$labels, c("x", "y"), ignore.order = TRUE)
})

test_that("only rows that are drawn are counted", {
  skip_if_not_installed("ggplot2")
  rows <- function(plot) {
    run <- run_script(c("library(ggplot2)", plot))
    of_kind(run, "description")[[1]]$description$layers[[1]]$rows
  }
  expect_equal(rows("ggplot(mtcars, aes(wt, mpg)) + geom_point() + xlim(2, 3)"), 8)
  expect_equal(rows("ggplot(mtcars, aes(cyl)) + geom_bar() + ylim(0, 10)"), 1)
  expect_equal(rows("ggplot(airquality, aes(Ozone, Solar.R)) + geom_point()"), 111)
  expect_equal(rows("ggplot(mtcars, aes(wt, mpg)) + geom_point() + coord_cartesian(xlim = c(2, 3))"), 32)
  expect_equal(rows("ggplot(mtcars, aes(wt, mpg)) + geom_blank()"), 0)
})

test_that("titles of scales and guides are labels", {
  skip_if_not_installed("ggplot2")
  described <- function(parts) {
    run <- run_script(c(
      "library(ggplot2)", "p <- ggplot(mtcars, aes(wt, mpg, colour = factor(cyl))) + geom_point()", paste("p +", parts)
    ))
    of_kind(run, "description")[[1]]
  }
  named <- described(paste(
    "scale_x_continuous('Weight (1000 lbs)') + scale_y_continuous(name = 'MPG') +",
    "scale_colour_discrete(name = 'Cylinders')"
  ))
  expect_equal(named$description$labels, list(x = "Weight (1000 lbs)", y = "MPG", colour = "Cylinders"))
  expect_match(named$alt, "of MPG by Weight (1000 lbs), colour showing Cylinders", fixed = TRUE)
  guided <- described("scale_colour_discrete(name = 'C', guide = guide_legend(title = 'G')) + scale_x_continuous(NULL)")
  expect_equal(guided$description$labels, list(y = "mpg", colour = "G"))
  outer <- described("scale_colour_discrete(name = 'C') + guides(colour = guide_legend(title = 'Cyl!'), x = 'none')")
  expect_equal(outer$description$labels, list(x = "wt", y = "mpg", colour = "Cyl!"))
})
