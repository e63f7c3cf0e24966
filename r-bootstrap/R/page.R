# Pages of HTML that need nothing else: no converter is run, and no address outside them is used.

# The page of some tags or widgets. What a chart may load is what it holds; a file of the script's own may do what
# it likes.
html_page <- function(content, background = "white", title = NULL, policy = NULL) {
  rendered <- htmltools::renderTags(content)
  dependencies <- Filter(function(dependency) {
    !dependency$name %in% needless_polyfills
  }, htmltools::resolveDependencies(rendered$dependencies))
  c(
    "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n", policy,
    if (length(title)) c("<title>", htmltools::htmlEscape(title), "</title>\n"),
    unlist(lapply(dependencies, inline_dependency)), rendered$head, "</head>\n<body style=\"",
    htmltools::htmlEscape(paste0("margin:0;background-color:", background), attribute = TRUE), "\">\n",
    rendered$html, "\n</body>\n</html>\n"
  )
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

# The scripts and styles of an htmlDependency, as elements. What is only an address, or not there, is left out with
# a warning.
inline_dependency <- function(dependency) {
  folder <- dependency_folder(dependency)
  if (is.null(folder)) {
    warning("'", dependency$name, "' is not in the page: it is an address, not a file", call. = FALSE)
    return(NULL)
  }
  inline <- function(names, element) {
    vapply(file.path(folder, names), function(path) {
      path <- present_file(path)
      if (length(path)) element(path) else ""
    }, "")
  }
  styles <- inline(file_names(dependency$stylesheet), inline_style)
  scripts <- inline(file_names(dependency$script), inline_script)
  c(styles, scripts, dependency$head)
}

# The file of a name, or one whose name differs in its punctuation only: Debian's crosstalk names a
# strftime-min.js, and has a strftime.min.js.
present_file <- function(path) {
  if (file.exists(path)) return(path)
  letters_of <- function(names) gsub("[^A-Za-z0-9]", "", names)
  beside <- list.files(dirname(path), full.names = TRUE)
  found <- beside[letters_of(basename(beside)) == letters_of(basename(path))]
  if (!length(found)) warning("'", basename(path), "' is not in the page: there is no such file", call. = FALSE)
  utils::head(found, 1L)
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
