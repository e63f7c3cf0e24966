names_and_lines <- function(run) {
  charts <- of_kind(run, "chart")
  stats::setNames(vapply(charts, `[[`, 1L, "line"), vapply(charts, `[[`, "", "name"))
}

png_size <- function(path) {
  readBin(readBin(path, "raw", 24)[17:24], "integer", 2, endian = "big")
}

test_that("every page is a chart, with the line that drew it, in its final state", {
  run <- run_script(c("plot(1:3)", "lines(3:1)", "for (i in 1:2)", "  hist(mtcars$mpg)"))
  expect_equal(names_and_lines(run), c("chart-001.png" = 1L, "chart-002.png" = 3L, "chart-003.png" = 3L))
  expect_equal(run$charts, names(names_and_lines(run)))
  expect_equal(png_size(file.path(run$folder, run$charts[[1]])), c(800, 600))
  expect_equal(run$files, character())
})

test_that("grid, lattice, layouts and panels count by pages", {
  run <- run_script(c(
    "par(mfrow = c(1, 2)); plot(1); plot(2); plot(3)", "lattice::xyplot(mpg ~ wt, mtcars)",
    "grid::grid.newpage(); grid::grid.circle()", "layout(matrix(1:2)); plot(1); plot(2)"
  ))
  expect_length(run$charts, 5)
})

test_that("a device never drawn on is no chart; a blank page is one", {
  expect_equal(run_script("dev.new()")$charts, character())
  expect_equal(run_script("plot.new()")$charts, "chart-001.png")
})

test_that("the script's own devices make files", {
  run <- run_script(c("png('own.png'); plot(1); dev.off()", "pdf('left-open.pdf'); plot(2)", "plot(3)"))
  expect_equal(run$files, c("left-open.pdf", "own.png"))
  expect_equal(run$charts, character())
})

test_that("charts go on after dev.off(), and two devices do not share names", {
  run <- run_script(c("plot(1); invisible(dev.off())", "plot(2); dev.new(); plot(3)", "dev.set(2); plot(4)"))
  expect_equal(run$charts, sprintf("chart-%03d.png", 1:4))
})

test_that("plots in functions and in lapply are charts", {
  run <- run_script(c("f <- function() plot(1)", "f()", "invisible(lapply(1:2, function(i) barplot(i)))"))
  expect_equal(unname(names_and_lines(run)), c(2L, 3L, 3L))
})

test_that("pdf is one file a page", {
  skip_if_not(capabilities("cairo"))
  run <- run_script(c("plot(1)", "plot(2)"), format = "pdf")
  expect_equal(run$charts, c("chart-001.pdf", "chart-002.pdf"))
})

test_that("svg is text; a large one becomes a png, and says so", {
  skip_if_not_installed("svglite")
  run <- run_script(c("plot(1)", "plot(rnorm(6e4))", "plot(3)"), format = "svg")
  expect_equal(run$charts, c("chart-001.svg", "chart-002.png", "chart-003.svg"))
  expect_match(script_conditions(run)[[1]]$message, "larger than 4 MiB")
  expect_match(readLines(file.path(run$folder, "chart-001.svg"))[[2]], "<svg")
})

test_that("a missing font family is named once, with what is drawn instead", {
  skip_if_not_installed("systemfonts")
  seen <- script_conditions(run_script("plot(1, family = 'Nope Sans', main = 'a'); plot(2, family = 'Nope Sans')"))
  expect_length(seen, 1)
  expect_match(seen[[1]]$message, "'Nope Sans' is not installed: '.+' is drawn instead")
})

test_that("another font's letters come in the weight that was asked for", {
  skip_if_not_installed("systemfonts")
  skip_if_not("Noto Sans Thai" %in% systemfonts::system_fonts()$family)
  run <- run_script(c(
    "standing_in <- function(text, bold) {",
    "  font <- systemfonts::match_font('sans', bold = bold)",
    "  basename(systemfonts::font_fallback(text, path = font$path, index = font$index)$path)", "}",
    "cat(standing_in('\u0e44\u0e17\u0e22', FALSE), standing_in('\u0e44\u0e17\u0e22', TRUE))"
  ))
  expect_equal(run$out, "NotoSansThai-Regular.ttf NotoSansThai-Bold.ttf")
})

test_that("svg leaves the width of a text to the viewer", {
  skip_if_not_installed("svglite")
  run <- run_script("plot(1, main = '\u65e5\u672c\u8a9e')", format = "svg")
  page <- readLines(file.path(run$folder, run$charts))
  expect_match(page, "\u65e5\u672c\u8a9e", all = FALSE)
  expect_false(any(grepl("textLength", page)))
})

test_that("a device that the script only names opens none of its own", {
  for (device in c("'pdf'", "pdf", "'png'", "function(...) pdf('own.pdf')")) {
    apart <- run_script(c(sprintf("options(device = %s)", device), "plot(1)"))
    expect_equal(apart$charts, "chart-001.png", info = device)
    within <- run_script(sprintf("{ options(device = %s); plot(1); dev.new(); plot(2) }", device))
    expect_equal(within$charts, c("chart-001.png", "chart-002.png"), info = device)
    expect_equal(c(apart$files, within$files), character(), info = device)
  }
})

test_that("ggplot draws on no device that the script only names", {
  skip_if_not_installed("ggplot2")
  run <- run_script("library(ggplot2); options(device = 'pdf'); print(ggplot(mtcars, aes(wt, mpg)) + geom_point())")
  expect_equal(run$charts, "chart-001.png")
  expect_equal(run$files, character())
})

test_that("options() answers and hides its answer as ever", {
  run <- run_script(c("options(digits = 3)", "old <- options(digits = 5)", "old", "options(old); pi"))
  expect_equal(run$out, c("$digits", "[1] 3", "", "[1] 3.14"))
})
