# Let a printed htmlwidget become a chart, whenever its package is loaded.
use_widget_charts <- function(charts, most_bytes) {
  register <- function(...) {
    registerS3method("print", "htmlwidget", function(x, ...) {
      save_widget(x, charts, most_bytes)
      invisible(x)
    }, envir = asNamespace("htmlwidgets"))
  }
  if (isNamespaceLoaded("htmlwidgets")) register()
  else setHook(packageEvent("htmlwidgets", "onLoad"), register)
}

# Write one page that needs nothing else: no converter is run, and no address outside it is used.
save_widget <- function(widget, charts, most_bytes = Inf) {
  rendered <- htmltools::renderTags(htmltools::as.tags(mend_plotly(widget), standalone = TRUE))
  dependencies <- Filter(function(dependency) {
    !dependency$name %in% needless_polyfills
  }, htmltools::resolveDependencies(rendered$dependencies))
  page <- c(
    "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n", content_policy,
    unlist(lapply(dependencies, inline_dependency)), rendered$head,
    "</head>\n<body style=\"margin:0;background-color:white\">\n", rendered$html, "\n</body>\n</html>\n"
  )
  number <- .Call(C_next_chart)
  path <- file.path(charts, sprintf(".widget-%d.html", number))
  # The host leaves a page out that is too large: the script did nothing wrong.
  tryCatch(write_page(page, path), error = function(error) {
    if (file.size(path) <= most_bytes) stop(error)
  })
  .Call(C_publish, path, number, "html", c(fixed_pixels(widget$width), fixed_pixels(widget$height)))
}

# What a widget's width or height is in px: 400, "400" and "400px"; 0 where it fills its window.
fixed_pixels <- function(size) {
  text <- if (length(size) == 1L) sub("px$", "", as.character(size)) else ""
  if (grepl("^[0-9.]+$", text)) as.integer(round(as.numeric(text))) else 0L
}

write_page <- function(page, path) {
  file <- file(path, "wb")
  on.exit(close(file))
  writeLines(page, file, sep = "", useBytes = TRUE)
}

# What a page may load is what it holds.
content_policy <- paste0(
  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ",
  "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; ",
  "img-src data: blob:; font-src data:; worker-src blob:; connect-src data: blob:\">\n"
)

# The scripts and styles of an htmlDependency, as elements. One that is only an address is left out,
# with a warning.
inline_dependency <- function(dependency) {
  folder <- dependency_folder(dependency)
  if (is.null(folder)) {
    warning("'", dependency$name, "' is not in the chart: it is an address, not a file", call. = FALSE)
    return(NULL)
  }
  styles <- vapply(file_names(dependency$stylesheet), function(name) {
    inline_style(file.path(folder, name))
  }, "")
  scripts <- vapply(file_names(dependency$script), function(name) {
    inline_script(file.path(folder, name))
  }, "")
  c(styles, scripts, dependency$head)
}

dependency_folder <- function(dependency) {
  folder <- dependency$src$file
  if (is.null(folder)) return(NULL)
  if (is.null(dependency$package)) folder else system.file(folder, package = dependency$package)
}

# A dependency names its files as text, or as lists of attributes.
file_names <- function(files) {
  if (is.list(files) && !is.null(files$src)) return(files$src)
  unlist(lapply(files, function(file) if (is.list(file)) c(file$src, file$href) else file))
}

inline_script <- function(path) {
  code <- gsub("</(script)", "<\\\\/\\1", mend_script(read_text(path)), ignore.case = TRUE, useBytes = TRUE)
  paste0("<script>", code, "</script>\n")
}

inline_style <- function(path) {
  css <- gsub("</(style)", "<\\\\/\\1", read_text(path), ignore.case = TRUE, useBytes = TRUE)
  paste0("<style>", embed_addresses(css, dirname(path)), "</style>\n")
}

# Put the files that url(...) names into the style itself; what is not a file beside it is emptied.
embed_addresses <- function(css, folder) {
  found <- gregexpr("url\\(\\s*['\"]?[^'\")]+['\"]?\\s*\\)", css, useBytes = TRUE)
  regmatches(css, found) <- list(vapply(regmatches(css, found)[[1]], function(address) {
    name <- gsub("^url\\(\\s*['\"]?|['\"]?\\s*\\)$", "", address)
    if (startsWith(name, "data:") || startsWith(name, "#")) return(address)
    path <- file.path(folder, sub("[?#].*$", "", name))
    if (!file.exists(path)) return("url(data:,)")
    bytes <- readBin(path, "raw", file.size(path))
    paste0("url(data:", media_type(path), ";base64,", .Call(C_base64, bytes), ")")
  }, "", USE.NAMES = FALSE))
  css
}

media_type <- function(path) {
  types <- c(
    svg = "image/svg+xml", png = "image/png", gif = "image/gif", jpg = "image/jpeg",
    woff = "font/woff", woff2 = "font/woff2", ttf = "font/ttf", eot = "application/vnd.ms-fontobject"
  )
  type <- types[tolower(sub(".*\\.", "", basename(path)))]
  if (is.na(type)) "application/octet-stream" else type[[1]]
}

read_text <- function(path) {
  bytes <- readBin(path, "raw", file.size(path))
  sub("^\xef\xbb\xbf", "", rawToChar(bytes[bytes != 0]), useBytes = TRUE)
}
