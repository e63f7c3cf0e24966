#' Describe this R, as READY and the envelope's `engine` say it.
#'
#' @return list(r, packages, image, rng, locale, timezone, libraries, fonts); `packages` is a list of the
#'   versions of the loaded packages that do not come with R, by name, in order; `image` names the container
#'   image, or is NULL; `libraries` are the folders that R loads packages from, `fonts` the families that
#'   charts may name.
engine_info <- function() {
  loaded <- sort(setdiff(loadedNamespaces(), c(base_packages, "rampart")))
  versions <- lapply(loaded, function(package) getNamespaceVersion(package)[[1]])
  names(versions) <- loaded
  list(
    r = paste(R.version$major, R.version$minor, sep = "."),
    packages = versions,
    image = image_name(system.file(package = "rampart")),
    rng = RNGkind()[[1]],
    locale = Sys.getlocale("LC_CTYPE"),
    timezone = Sys.timezone(),
    libraries = as.list(.libPaths()),
    fonts = as.list(sort(unique(systemfonts::system_fonts()$family)))
  )
}

# Returns the image's name, which the list of what is installed in it begins with: in an image, that lies
# beside the library of the package in `folder`.
image_name <- function(folder) {
  lock <- file.path(dirname(dirname(folder)), "packages.json")
  if (!file.exists(lock)) return(NULL)
  named <- '^ *"image": "([^"]+)",?$'
  line <- grep(named, readLines(lock, n = 10L, encoding = "UTF-8"), value = TRUE)
  if (length(line) == 1L) sub(named, "\\1", line)
}

base_packages <- c(
  "base", "compiler", "datasets", "graphics", "grDevices", "grid", "methods", "parallel", "splines",
  "stats", "stats4", "tcltk", "tools", "utils"
)
