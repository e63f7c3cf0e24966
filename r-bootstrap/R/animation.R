# A printed animation becomes a GIF among the charts, by gifski or magick, whichever is there.

mend_gganimate <- function() {
  namespace <- asNamespace("gganimate")
  registerS3method("print", "gganim", function(x, ...) {
    animate <- getExportedValue("gganimate", "animate")
    # It lasts as long as ever with fewer frames: a hundred take all of a run's time.
    save_animation(animate(x, ..., nframes = 40, fps = 4, device = "ragg_png", renderer = gif_renderer()))
    invisible(x)
  }, envir = namespace)
  registerS3method("print", "gif_image", function(x, ...) save_animation(x), envir = namespace)
  registerS3method("print", "magick-image", function(x, ...) {
    if (is.null(attr(x, "frame_vars"))) print_magick(x, ...) else save_animation(x)
  }, envir = namespace)
}

gif_renderer <- function() {
  for (package in c("gifski", "magick")) {
    if (is_loadable(package)) return(getExportedValue("gganimate", paste0(package, "_renderer"))())
  }
  stop("an animation needs the package 'gifski' or 'magick', and neither is installed", call. = FALSE)
}

save_animation <- function(animation) {
  save_chart_file("gif", c(0L, 0L), function(path) {
    if (inherits(animation, "magick-image")) {
      getExportedValue("magick", "image_write")(animation, path, format = "gif")
    } else {
      file.copy(animation, path)
    }
  })
  invisible(animation)
}

print_magick <- function(x, ...) get("print.magick-image", asNamespace("magick"))(x, ...)
