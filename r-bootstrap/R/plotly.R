# Debian pairs an R plotly of 2022 with a plotly.js of 2017, which draws no marks under newer strips, no
# title that is an object, cuts off one above a narrow margin, and throws where a button is a name. Where the pair is such, a widget is
# mended so that both understand it; CRAN's own pair is left alone.
mend_plotly <- function(widget) {
  if (!inherits(widget, "plotly") || !has_old_plotly_js()) return(widget)
  widget <- plotly::plotly_build(widget)
  widget$x$config$modeBarButtonsToAdd <- list()
  layout <- lapply(widget$x$layout, plain_title)
  layout$title <- title_text(layout$title)
  if (length(layout$title)) layout$margin$t <- max(layout$margin$t, 50)
  layout$shapes <- Filter(function(shape) {
    !any(c(shape$xsizemode, shape$ysizemode) == "pixel")
  }, layout$shapes)
  widget$x$layout <- layout
  widget
}

has_old_plotly_js <- function() {
  folder <- system.file("htmlwidgets", "lib", "plotlyjs", package = "plotly")
  bundle <- list.files(folder, "^plotly.*\\.js$", full.names = TRUE)
  length(bundle) && any(grepl("plotly\\.js v1\\.", readLines(bundle[[1]], 3L, warn = FALSE)))
}

plain_title <- function(axis) {
  if (is.list(axis) && is.list(axis$title)) {
    axis$titlefont <- axis$title$font
    axis$title <- title_text(axis$title)
  }
  axis
}

title_text <- function(title) if (is.list(title)) title$text else title

# What R's side of plotly reads from an object that an old plotly.js does not make.
mend_script <- function(code) {
  gsub("_fullLayout._subplots.mapbox", "_fullLayout._subplots?.mapbox", code, fixed = TRUE, useBytes = TRUE)
}

# Every browser has what these add; Debian's copy of the first fails in all of them.
needless_polyfills <- c("typedarray", "setprototypeof")
