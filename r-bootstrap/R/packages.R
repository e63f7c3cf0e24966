# Packages that a script names and that are not installed.

# One sentence on each missing package, those of the whole script at once: a model would otherwise find them one by one.
packages_hint <- function(names) {
  named <- unique(c(names, named_packages(state$script)))
  missing <- utils::head(Filter(Negate(is_installed), named), MOST_MISSING)
  if (!length(missing)) return(NULL)
  sentences <- vapply(missing, missing_sentence, "")
  unanswered <- any(endsWith(sentences, "is not installed."))
  paste(c(
    sentences,
    if (unanswered) paste0("Installed are ", quoted(useful_packages()), "."),
    no_install_hint
  ), collapse = " ")
}

MOST_MISSING <- 12L

missing_sentence <- function(package) {
  start <- paste0("Package '", package, "' is not installed")
  substitute <- substitute_for(package)
  if (!is.null(substitute)) return(paste0(start, ": use ", substitute, "."))
  near <- if (!is_known_package(package)) misspelt(package, list.files(.libPaths()))
  if (length(near)) return(nearest_sentence(start, near))
  paste0(start, ".")
}

is_installed <- function(package) any(file.exists(file.path(.libPaths(), package, "DESCRIPTION")))

useful_packages <- function() {
  useful <- c(
    "ggplot2", "patchwork", "dplyr", "tidyr", "scales", "plotly", "ggrepel", "ggridges", "lubridate", "stringr",
    "forcats", "readr", "readxl", "data.table", "lattice"
  )
  utils::head(Filter(is_installed, useful), 10L)
}

# Names that differ by one letter, by case or by two letters that changed places: fs is not what sf should have been.
misspelt <- function(name, known) {
  known <- unique(known)
  distance <- drop(utils::adist(name, known, ignore.case = TRUE))
  distance[same_letters(name, known)] <- 1
  distance[tolower(known) == tolower(name)] <- 0
  near <- which(distance <= 1 & nchar(known) > 2L & nchar(name) > 2L)
  utils::head(known[near[order(distance[near])]], 3L)
}

# The packages, not installed, of which a message says that they are: a name in quotes, or one beside the word.
packages_told_of <- function(text) {
  quoted <- captures("[`'\"\u2018]([A-Za-z][A-Za-z0-9.]*[A-Za-z0-9])[`'\"\u2019]", text)
  beside <- c(captures("[Pp]ackages? ([A-Za-z][A-Za-z0-9.]*[A-Za-z0-9])", text), captures("([A-Za-z][A-Za-z0-9.]*) package", text))
  named <- unique(c(quoted, Filter(is_known_package, beside)))
  Filter(Negate(is_installed), named)
}

captures <- function(pattern, text) {
  found <- regmatches(text, gregexpr(pattern, text, perl = TRUE))[[1]]
  sub(pattern, "\\1", found, perl = TRUE)
}

# Every package that the code attaches, loads, installs or takes a function from.
named_packages <- function(code) {
  found <- character()
  each_call(code, function(call) {
    name <- called_name(call)
    if (name %in% names(package_readers)) found <<- c(found, package_readers[[name]](call, code))
  })
  found <- sub("@.*$", "", basename(found)) # somebody/package@branch
  unique(found[grepl("^[A-Za-z][A-Za-z0-9.]+$", found)])
}

# library(x), library("x") and, with character.only, what the variable x holds.
attached_by <- function(call, code) {
  name <- argument(call, "package", 1L)
  by_value <- argument(call, "character.only", NA)
  if (is.symbol(name) && !isTRUE(by_value) && !identical(by_value, quote(T))) return(as.character(name))
  texts_in(name, code)
}

loaded_by <- function(call, code) texts_in(argument(call, "package", 1L), code)

# p_load(a, "b", char = c("c")).
all_named_by <- function(call, code) {
  unlist(lapply(call_parts(call)[-1], function(part) if (is.symbol(part)) as.character(part) else texts_in(part, code)))
}

first_of <- function(call, code) as.character(call[[2]])

# lapply(packages, library, character.only = TRUE)
attached_in_turn <- function(call, code) {
  attachers <- c("library", "require", "requireNamespace", "loadNamespace", "install.packages")
  parts <- call_parts(call)[-1]
  if (any(vapply(parts, function(part) is.symbol(part) && as.character(part) %in% attachers, TRUE))) {
    return(texts_in(parts[[1]], code))
  }
  # lapply(packages, function(p) library(p, character.only = TRUE))
  inner <- Filter(function(call) is.symbol(argument(call, "package", 1L)), calls_of(as.call(parts), attachers))
  if (length(inner)) texts_in(parts[[1]], code)
}

package_readers <- local({
  readers <- list(`::` = first_of, `:::` = first_of)
  readers[c("library", "require")] <- list(attached_by)
  readers[c("requireNamespace", "loadNamespace", "attachNamespace", "check_installed", "is_installed", "use")] <-
    list(loaded_by)
  readers[c(
    "p_load", "shelf", "pkg_attach", "pkg_load", "libraries", "packages", "needs", "install.packages",
    "install_github", "install_cran", "pkg_install", "pak"
  )] <- list(all_named_by)
  readers[c("lapply", "sapply", "vapply", "Map", "map", "walk", "map_lgl", "invisible")] <- list(attached_in_turn)
  readers
})

# The packages that have a function, those loaded first.
packages_with <- function(name) {
  loaded <- Filter(function(package) {
    name %in% getNamespaceExports(package)
  }, setdiff(loadedNamespaces(), c("base", "rampart")))
  if (length(loaded)) return(sort(loaded))
  infos <- file.path(list.files(.libPaths(), full.names = TRUE), "Meta", "nsInfo.rds")
  infos <- utils::head(infos[file.exists(infos)], 400L)
  has_name <- vapply(infos, function(info) name %in% readRDS(info)$exports, TRUE)
  basename(dirname(dirname(infos[has_name])))
}

# The installed packages that have a data set of this name.
packages_with_data <- function(name) {
  folders <- c(list.files(.libPaths(), full.names = TRUE), find.package(loadedNamespaces(), quiet = TRUE))
  indexes <- file.path(unique(folders), "Meta", "data.rds")
  indexes <- utils::head(indexes[file.exists(indexes)], 400L)
  has_name <- vapply(indexes, function(index) {
    name %in% sub(" .*$", "", as.character(readRDS(index)[, 1]))
  }, TRUE)
  basename(dirname(dirname(indexes[has_name])))
}
