# What R would show in a viewer becomes a chart: widgets, tables and other tags.

mend_htmlwidgets <- function() {
  replace_function("htmlwidgets", "toHTML", function(original) {
    body(original) <- bquote({
      x <- .(mend_plotly)(x)
      .(body(original))
    })
    original
  })
  replace_function("htmlwidgets", "saveWidget", function(original) {
    body(original) <- bquote({
      if (selfcontained) {
        html <- toHTML(widget, standalone = TRUE, knitrOptions = knitrOptions)
        .(write_page)(.(html_page)(html, background, title), file)
        return(invisible())
      }
      .(body(original))
    })
    original
  })
  registerS3method("print", "htmlwidget", function(x, ...) {
    save_chart_page(htmltools::as.tags(x, standalone = TRUE), width = x$width, height = x$height)
    invisible(x)
  }, envir = asNamespace("htmlwidgets"))
}

mend_htmltools <- function() {
  replace_function("htmltools", "html_print", function(original) {
    function(html, background = "white", ...) save_chart_page(html, background)
  })
  replace_function("htmltools", "is.browsable", function(original) {
    function(x) original(x) || holds_widget(x)
  })
}

# Whether a widget is among some tags.
holds_widget <- function(x, depth = 20L) {
  if (inherits(x, "htmlwidget")) return(TRUE)
  if (depth == 0L || !is.list(x)) return(FALSE)
  parts <- if (inherits(x, "shiny.tag")) unclass(x)$children else unclass(x)
  for (part in parts) if (holds_widget(part, depth - 1L)) return(TRUE)
  FALSE
}

# These show their tables to whoever sits at the session.
mend_flextable <- function() show_always("flextable", "flextable")
mend_kable_extra <- function() show_always("kableExtra", "kableExtra")
mend_gt <- function() show_always("gt", "gt_tbl")

# Let a package's print method of a class think that somebody is there to see what it shows.
show_always <- function(package, class) {
  method <- get0(paste0("print.", class), asNamespace(package), mode = "function", inherits = FALSE)
  if (is.null(method)) return()
  environment(method) <- list2env(list(interactive = function() TRUE), parent = environment(method))
  registerS3method("print", class, method, envir = asNamespace(package))
}

# Debian's jquerylib asks dpkg for the version of the jQuery beside it.
mend_jquerylib <- function() {
  replace_function("jquerylib", "expand_version", function(original) {
    function(major_version) {
      versions <- list.files(system.file("lib", package = "jquerylib"))
      utils::tail(c("", versions[startsWith(versions, paste0(major_version, "."))]), 1L)
    }
  })
}

# Make a chart of some tags or widgets; a width or height in px, if the chart has one of its own.
save_chart_page <- function(content, background = "white", width = NULL, height = NULL) {
  page <- html_page(content, background, policy = content_policy)
  save_chart_file("html", c(fixed_pixels(width), fixed_pixels(height)), function(path) write_page(page, path))
}

# Make a chart of what `write` writes to the path that it gets. The host leaves a file out that is too large: the
# script did nothing wrong.
save_chart_file <- function(extension, size, write) {
  number <- .Call(C_next_chart)
  path <- file.path(state$charts, sprintf(".file-%d.%s", number, extension))
  tryCatch(write(path), error = function(error) {
    if (!file.exists(path) || file.size(path) <= state$file_bytes) stop(error)
  })
  .Call(C_publish, path, number, extension, size)
}

# What a widget's width or height is in px: 400, "400" and "400px"; 0 where it fills its window.
fixed_pixels <- function(size) {
  text <- if (length(size) == 1L) sub("px$", "", as.character(size)) else ""
  if (grepl("^[0-9.]+$", text)) as.integer(round(as.numeric(text))) else 0L
}
