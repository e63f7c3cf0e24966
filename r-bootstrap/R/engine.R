#' Describe this R, as READY and the envelope's `engine` say it.
#'
#' @return list(r, packages, rng, locale, timezone, libraries, fonts); `packages` is a list of the versions
#'   of the loaded packages that do not come with R, by name, in order; `libraries` are the folders that R
#'   loads packages from, `fonts` the families that charts may name.
engine_info <- function() {
  loaded <- sort(setdiff(loadedNamespaces(), c(base_packages, "rampart")))
  versions <- lapply(loaded, function(package) getNamespaceVersion(package)[[1]])
  names(versions) <- loaded
  list(
    r = paste(R.version$major, R.version$minor, sep = "."),
    packages = versions,
    rng = RNGkind()[[1]],
    locale = Sys.getlocale("LC_CTYPE"),
    timezone = Sys.timezone(),
    libraries = as.list(.libPaths()),
    fonts = as.list(sort(unique(systemfonts::system_fonts()$family)))
  )
}

base_packages <- c(
  "base", "compiler", "datasets", "graphics", "grDevices", "grid", "methods", "parallel", "splines",
  "stats", "stats4", "tcltk", "tools", "utils"
)
