# Each step prints its name and "ok", or what went wrong.
suppressPackageStartupMessages({
  library(ggplot2)
  library(data.table)
  library(tidyverse)
})

step <- function(name, expression) {
  said <- tryCatch({
    suppressWarnings(force(expression))
    "ok"
  }, error = conditionMessage)
  cat(name, ": ", said, "\n", sep = "")
}

draws <- function(file, open, plot = cars_plot) {
  open(file)
  print(plot)
  dev.off()
  stopifnot(file.size(file) > 2000)
  file.remove(file)
}

cars_plot <- ggplot(mtcars, aes(wt, mpg, colour = factor(cyl))) +
  geom_point() +
  geom_smooth(method = "loess", formula = y ~ x) +
  labs(title = "Gr\u00f6\u00dfe \u6f22\u5b57")

step("ragg", draws("a.png", ragg::agg_png))
step("png by cairo", draws("b.png", function(file) png(file, type = "cairo")))
step("tiff by cairo", draws("b.tiff", function(file) tiff(file, type = "cairo")))
step("svglite", draws("c.svg", svglite::svglite))
step("svg", draws("d.svg", svg))
step("cairo_pdf", draws("e.pdf", cairo_pdf))
step("pdf", draws("f.pdf", pdf, cars_plot + labs(title = "size")))
step("fonts", draws("g.png", function(file) png(file, type = "cairo"), cars_plot + theme_grey(base_family = "Inter")))
step("ggsave", ggsave("h.png", cars_plot, width = 4, height = 3, dpi = 72))
step("lattice", draws("i.png", png, lattice::xyplot(mpg ~ wt | cyl, mtcars)))
step("patchwork", draws("j.png", ragg::agg_png, patchwork::wrap_plots(cars_plot, cars_plot)))
step("data.table", {
  written <- data.table(x = 1:1e5, g = rep(letters, length.out = 1e5))
  setDTthreads(4)
  fwrite(written, "d.csv")
  read <- fread("d.csv", nThread = 4)
  stopifnot(nrow(read) == 1e5, nrow(read[, sum(x), by = g]) == 26)
})
step("readr", {
  read <- read_csv("d.csv", num_threads = 4, show_col_types = FALSE)
  write_csv(read, "o.csv")
  stopifnot(sum(read_csv("o.csv", lazy = TRUE, show_col_types = FALSE)$x) > 0)
})
step("dplyr", stopifnot(nrow(summarise(group_by(mtcars, cyl), mean(mpg))) == 3))
step("tidyr", stopifnot(nrow(pivot_longer(head(iris), 1:4)) == 24))
step("lubridate", stopifnot(lubridate::month(lubridate::ymd("2024-02-29") + lubridate::days(1)) == 3))
step("time zones", stopifnot(format(as.POSIXct(0, "Asia/Tokyo", origin = "1970-01-01"), "%H") == "09"))
step("stringr", stopifnot(str_detect("gr\u00f6\u00dfe", "\u00f6"), str_to_title("a b") == "A B"))
step("forcats", stopifnot(nlevels(fct_lump_n(factor(letters), 3)) > 0))
step("purrr", stopifnot(identical(map_int(1:3, length), c(1L, 1L, 1L))))
step("lm", stopifnot(length(coef(lm(mpg ~ ., mtcars))) == 11))
step("svd", stopifnot(length(svd(matrix(rnorm(1e4), 100))$d) == 100))
step("mgcv", stopifnot(mgcv::gam(mpg ~ s(wt), data = mtcars)$converged))
step("mgcv with threads", mgcv::bam(mpg ~ s(wt, k = 5), data = mtcars, discrete = TRUE, nthreads = 2))
step("xml2", stopifnot(length(xml2::xml_find_all(xml2::read_html("<p>a</p>"), "//p")) == 1))
step("jsonlite", stopifnot(jsonlite::fromJSON("[1,2]")[2] == 2))
step("readxl", stopifnot(nrow(readxl::read_excel(readxl::readxl_example("datasets.xlsx"))) > 0))
step("haven", {
  haven::write_sav(mtcars, "m.sav")
  stopifnot(nrow(haven::read_sav("m.sav")) == 32)
})
step("fs", {
  fs::dir_create("folder")
  fs::file_copy("d.csv", "folder/d.csv")
  fs::file_move("folder/d.csv", "moved.csv")
  stopifnot(nrow(fs::dir_info()) > 0)
})
step("files", {
  dir.create("a/b", recursive = TRUE)
  stopifnot(file.copy("d.csv", "a/b"), file.rename("a/b/d.csv", file.path(tempdir(), "d.csv")))
  tar("a.tar", "a", tar = "internal")
  untar("a.tar", exdir = "c", tar = "internal")
  unlink(c("a", "c"), recursive = TRUE)
  stopifnot(!dir.exists("a"))
})
step("compression", {
  for (type in c("gzip", "bzip2", "xz")) saveRDS(mtcars, "m.rds", compress = type)
  stopifnot(identical(readRDS("m.rds"), mtcars))
})
step("profiling", {
  Rprof("r.out")
  for (i in 1:50) sort(runif(1e5))
  Rprof(NULL)
  stopifnot(file.exists("r.out"))
})
step("plotly", stopifnot(inherits(plotly::plot_ly(mtcars, x = ~wt, y = ~mpg), "plotly")))
step("about R", {
  sessionInfo()
  capabilities()
  extSoftVersion()
  Sys.info()
})
if (requireNamespace("sf", quietly = TRUE)) {
  step("sf", stopifnot(nrow(sf::st_read(system.file("shape/nc.shp", package = "sf"), quiet = TRUE)) > 0))
}
unlink(setdiff(list.files(), ""), recursive = TRUE)
cars_plot
