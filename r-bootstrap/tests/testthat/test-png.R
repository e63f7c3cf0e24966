# A script's page as Rampart writes it and as ragg does, for comparison.
both_pages <- function(code, width = 800L, height = 600L) {
  run <- run_script(code, width = width, height = height)
  expect_identical(run$charts, "chart-001.png")
  theirs <- tempfile(fileext = ".png")
  program <- tempfile(fileext = ".R")
  open <- sprintf("ragg::agg_png(%s, %d, %d, res = 100)", deparse(theirs), width, height)
  writeLines(c(open, code), program)
  system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", program), stdout = FALSE, stderr = FALSE)
  list(ours = file.path(run$folder, "chart-001.png"), theirs = theirs)
}

pixels <- function(path) {
  image <- png::readPNG(path, native = TRUE, info = TRUE)
  list(pixels = as.integer(image), dim = dim(image), dpi = attr(image, "info")$dpi)
}

test_that("a page has the pixels and the density that ragg would write", {
  skip_if_not_installed("png")
  scripts <- c(
    "plot(1:10, pch = 21:25, bg = rgb(1, 0, 0, 0.3), cex = 5, main = 'Caf\u00e9')",
    "par(bg = 'transparent'); image(volcano, col = hcl.colors(50, alpha = 0.5), useRaster = TRUE)",
    "par(bg = '#FF000080', fg = '#2050a0c0'); plot(1:10)",
    "library(ggplot2); print(ggplot(mpg, aes(displ, hwy, colour = class)) + geom_point(alpha = 0.4))"
  )
  for (script in scripts) {
    pages <- both_pages(script)
    expect_identical(pixels(pages$ours), pixels(pages$theirs), info = script)
  }
})

test_that("a page is hardly larger than ragg's", {
  code <- "library(ggplot2); print(ggplot(diamonds[1:2000, ], aes(carat, price, colour = cut)) + geom_point())"
  pages <- both_pages(code, 1600L, 1000L)
  expect_lte(file.size(pages$ours), 1.08 * file.size(pages$theirs))
})

test_that("a page as small as can be is whole", {
  skip_if_not_installed("png")
  pages <- both_pages("par(mar = rep(0, 4)); plot.new(); rect(0, 0, 0.5, 0.5, col = 'red')", 16L, 17L)
  expect_identical(pixels(pages$ours), pixels(pages$theirs))
})

test_that("a page of eight million pixels and more is left to ragg", {
  skip_if_not_installed("png")
  expect_false(is_captured(list(format = "png", width = 4096L, height = 2049L)))
  pages <- both_pages("plot(1:10)", 4096L, 2049L)
  expect_identical(pixels(pages$ours), pixels(pages$theirs))
})

test_that("opening the device draws no random number of the script's", {
  run <- run_script("set.seed(1)\nplot(1)\nrunif(1) == { set.seed(1); runif(1) }")
  expect_identical(run$out, "[1] TRUE")
  run <- run_script("plot(1)\nexists('.Random.seed')")
  expect_identical(run$out, "[1] FALSE")
})

test_that("the device has a name that does not change from run to run", {
  run <- run_script("plot(1)\nc(dev.cur(), dev.list())")
  expect_identical(run$out, c("agg_png agg_png ", "      2       2 "))
})
