# Tables of inst/ that say what to use in place of what is not here. They are read when a script fails, and never before.
package_table <- function(file) {
  utils::read.delim(
    system.file(file, package = "rampart"), quote = "", comment.char = "#", colClasses = "character",
    encoding = "UTF-8"
  )
}

# What replaces a package that is not installed, of what is; NULL where the table knows nothing.
substitute_for <- function(package) {
  rows <- package_table("substitutes.tsv")
  rows <- rows[rows$package == package, ]
  usable <- vapply(rows$needs, function(needs) needs == "-" || is_installed(needs), TRUE)
  if (any(usable)) rows$instead[usable][[1]]
}

is_known_package <- function(package) package %in% package_table("substitutes.tsv")$package

# The packages, not installed, by whose functions or data sets of this name scripts are known to use them.
missing_homes <- function(name) {
  rows <- package_table("substitutes.tsv")
  knows <- vapply(strsplit(rows$known_by, " ", fixed = TRUE), function(names) name %in% names, TRUE)
  Filter(Negate(is_installed), unique(rows$package[knows]))
}

# Says that `name` came with a newer version than the installed one; NULL where it did not.
newer_hint <- function(name) {
  rows <- package_table("newer.tsv")
  rows <- rows[rows$name == name, ]
  for (i in seq_len(nrow(rows))) {
    have <- if (rows$package[[i]] == "R") getRversion() else installed_version(rows$package[[i]])
    if (is.null(have) || have >= rows$version[[i]]) next
    return(paste0(
      "'", name, "' needs ", rows$package[[i]], " ", rows$version[[i]], ", and ", format(have), " is installed: use ",
      rows$instead[[i]], "."
    ))
  }
}

installed_version <- function(package) {
  if (is_installed(package)) utils::packageVersion(package)
}
