# Let everything that draws without a device of its own draw into charts/. The device is opened when
# it is first needed.
use_chart_device <- function(request, charts, lines) {
  opened <- 0L
  records <- may_record(lines)
  open <- page_opener(request)
  captured_dpi <- if (is_captured(request)) request$dpi
  state$open_png <- png_opener(request)
  state$open_device <- function(...) {
    opened <<- opened + 1L
    pattern <- file.path(charts, paste0(".device-", opened))
    open(paste0(pattern, "-%d.", request$format))
    .Call(C_adopt_device, pattern, request$format, captured_dpi)
    if (records) grDevices::dev.control(displaylist = "enable")
    invisible()
  }
  options(device = state$open_device)
}

# Whether a script may ask for what was drawn: a list of it is kept from the first page on, or not at all.
may_record <- function(lines) {
  any(grepl(
    "recordPlot|replayPlot|recordedplot|dev\\.(copy|print|control|displaylist)|recordGraphics|source\\(|echo(Grob)?\\(",
    lines, useBytes = TRUE
  ))
}

# Have options() put the harness's device back before it returns: a script that names another opened none,
# and its plots are charts like any.
guard_device_option <- function() {
  options <- base::options
  put_back <- function() options(device = state$open_device)
  guarded <- options
  body(guarded) <- call("{", call("on.exit", as.call(list(put_back))), body(options))
  .Call(C_replace, "options", compiler::cmpfun(guarded), baseenv())
}

# A function that opens a device of the request's format and size, given its files' pattern.
page_opener <- function(request) {
  if (is_captured(request)) return(capture_opener(request))
  width <- request$width / request$dpi
  height <- request$height / request$dpi
  switch(request$format,
    png = png_opener(request),
    # A text's width is left to the viewer: svglite's own measure knows no other font's letters.
    svg = function(path) svglite::svglite(path, width, height, fix_text_size = FALSE),
    pdf = function(path) {
      grDevices::cairo_pdf(path, width, height, onefile = FALSE, fallback_resolution = request$dpi)
    }
  )
}

# Whether pages are kept in memory and written by png.c, which is faster than ragg's own writing. It
# takes four times ragg's memory, which a page of 40 megapixels cannot have.
is_captured <- function(request) {
  request$format == "png" && request$width * request$height <= 2^23 && is_loadable("ragg")
}

# ragg draws a random number to name the device; the script's own must not shift.
capture_opener <- function(request) {
  width <- request$width
  height <- request$height
  function(path) {
    seed <- get0(".Random.seed", globalenv(), inherits = FALSE)
    ragg::agg_capture(width, height, units = "px", res = request$dpi)
    if (is.null(seed)) rm(".Random.seed", envir = globalenv())
    else assign(".Random.seed", seed, envir = globalenv())
  }
}

png_opener <- function(request) {
  width <- request$width
  height <- request$height
  if (is_loadable("ragg")) {
    function(path) ragg::agg_png(path, width, height, units = "px", res = request$dpi)
  } else {
    function(path) grDevices::png(path, width, height, res = request$dpi, type = "cairo")
  }
}

# Whether a page that begins right now is one that the script asked for. grid begins one, too, when it only
# measures.
is_page_asked_for <- function() {
  f <- sys.function(sys.nframe() - 2L)
  identical(f, graphics::plot.new) || (isNamespaceLoaded("grid") && identical(f, grid::grid.newpage))
}

# The frame of the print() that draws a ggplot, or a composition of some, right now; else NULL.
drawing_frame <- function() {
  for (k in rev(utils::tail(seq_len(sys.nframe() - 1L), 100L))) {
    arguments <- names(formals(sys.function(k)))
    if (identical(arguments[1:3], c("x", "newpage", "vp"))) {
      frame <- sys.frame(k)
      if (inherits(get0("x", frame, inherits = FALSE), c("ggplot", "ggmatrix"))) return(frame)
    }
  }
  NULL
}

# What such a frame holds once it has drawn: list(plot, built); NULL if it failed before.
drawn_plot <- function(frame) {
  if (!exists("gtable", frame, inherits = FALSE)) return(NULL)
  list(
    plot = get0("x", frame, inherits = FALSE),
    built = get0("data", frame, inherits = FALSE)
  )
}
