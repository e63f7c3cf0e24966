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

# The alt texts of several charts, drawn by one script.
alts <- function(plots, library = "ggplot2") {
  run <- run_script(c(sprintf("library(%s)", c("ggplot2", library)), plots))
  expect_equal(outcome(run), "completed")
  vapply(of_kind(run, "description"), `[[`, "", "alt")
}

test_that("alt texts read as a person would tell of the chart", {
  skip_if_not_installed("ggplot2")
  table <- c(
    "ggplot(data.frame(k = c('a', 'b'), v = 2:1), aes('', v, fill = k)) + geom_col() + coord_polar('y')",
    "Pie chart of v, fill showing k. 2 marks drawn.",
    "ggplot(data.frame(k = c('a', 'b'), v = 2:1), aes(2, v, fill = k)) + geom_col() + coord_polar('y') + xlim(0.5, 2.5)",
    "Donut chart of v, fill showing k. 2 marks drawn.",
    "ggplot(mtcars, aes(wt, mpg)) + geom_point() + labs(x = '', y = ' ', title = '')", "Scatter plot. 32 marks drawn.",
    "ggplot(mtcars, aes(wt, mpg)) + geom_point(aes(colour = 'red')) + ggtitle('a\\nb')",
    "Scatter plot of mpg by wt, titled \u201ca b\u201d. 32 marks drawn.",
    "ggplot(mpg, aes(drv, hwy)) + geom_violin()", "Violin plot of hwy by drv. 3 violins drawn.",
    "ggplot(economics, aes(date, unemploy)) + geom_area()", "Area chart of unemploy by date. 1 area drawn.",
    "ggplot(mpg, aes(displ, hwy)) + geom_density_2d()", "Density contours of hwy by displ. [0-9]+ contours drawn.",
    "ggplot(mpg, aes(hwy, colour = drv)) + geom_density()", "Density plot of hwy, colour showing drv. 3 curves drawn.",
    "ggplot(mpg, aes(hwy)) + geom_freqpoly(bins = 9)", "Frequency polygon of count by hwy. 1 line drawn.",
    "ggplot(mpg, aes(hwy)) + geom_dotplot(binwidth = 1)", "Dot plot of count by hwy. 234 dots drawn.",
    "ggplot(mpg, aes(class, hwy)) + stat_summary(fun.data = mean_se, geom = 'pointrange')",
    "Point ranges of hwy by class. 7 marks drawn.",
    "ggplot(data.frame(x = 0:5), aes(x)) + geom_function(fun = sin)", "Curve of a function of x. 1 curve drawn.",
    "ggplot(data.frame(x = 1:3, a = 1, b = 2), aes(x, ymin = a, ymax = b)) + geom_ribbon()",
    "Ribbon chart of a to b by x. 1 ribbon drawn.",
    "ggplot(mtcars, aes(factor(cyl), mpg, fill = factor(cyl))) + geom_boxplot()", "Box plot of mpg by cyl. 3 boxes drawn.",
    "ggplot(data.frame(x = 1:3, y = 1:3), aes(x, y)) + geom_line() + geom_point()",
    "Line chart with points of y by x. 1 line and 3 marks drawn.",
    "ggplot(mpg, aes(displ)) + stat_ecdf()", "Cumulative distribution of displ. 1 line drawn.",
    "ggplot(mtcars, aes(sample = mpg)) + stat_qq()", "Quantile-quantile plot of mpg. 32 marks drawn."
  )
  odd <- seq(1, length(table), 2)
  said <- alts(table[odd])
  for (i in seq_along(odd)) expect_match(said[[i]], paste0("^", table[odd[[i]] + 1], "$"), info = table[odd[[i]]])
})

test_that("a composition of none or of one part reads well", {
  skip_if_not_installed("patchwork")
  said <- alts(c(
    "wrap_elements(grid::textGrob('x')) + wrap_elements(grid::textGrob('y'))",
    "wrap_plots(ggplot(mtcars, aes(wt, mpg)) + geom_point())"
  ), "patchwork")
  expect_equal(said, c("Graphics of several parts.", "Scatter plot of mpg by wt."))
})

test_that("rows are those of the data, and not what was computed along a curve", {
  skip_if_not_installed("ggplot2")
  rows <- function(plot) {
    run <- run_script(c("library(ggplot2)", plot))
    of_kind(run, "description")[[1]]$description$layers[[1]]
  }
  expect_equal(rows("ggplot(mpg, aes(drv, hwy)) + geom_violin()")$rows, 3)
  expect_equal(rows("ggplot(economics, aes(date, unemploy)) + geom_area()")$rows, 574)
  line <- rows("ggplot(economics, aes(date, unemploy)) + geom_line()")
  expect_equal(line$rows, 574)
  expect_named(line, c("geom", "stat", "mapping", "rows"))
})
