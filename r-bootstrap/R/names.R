# Answers to names that do not exist: the nearest that do, and where they are.

object_hint <- function(name, expression) {
  columns <- columns_in(expression)
  holders <- names(Filter(function(known) name %in% known, columns))
  if (length(holders)) return(paste0("'", name, "' is a column of ", holders[[1]], ", not an object."))
  foreign <- foreign_hint(name, FALSE)
  if (!is.null(foreign)) return(foreign)
  homes <- packages_with_data(name)
  if (length(homes)) {
    return(paste0("'", name, "' is a data set of package '", homes[[1]], "': library(", homes[[1]], ") first."))
  }
  newer <- newer_hint(name)
  if (!is.null(newer)) return(newer)
  absent <- missing_homes(name)
  if (length(absent)) return(paste0("'", name, "' comes from package '", absent[[1]], "'. ", packages_hint(absent[[1]])))
  known <- unique(c(state$local_names, ls(globalenv()), unlist(columns, use.names = FALSE)))
  near <- nearest(name, known)
  if (length(near)) return(nearest_sentence(paste0("'", name, "' does not exist"), near))
  columns_sentence(columns)
}

column_hint <- function(names, expression) {
  columns <- columns_in(expression)
  known <- unlist(columns, use.names = FALSE)
  names <- utils::head(setdiff(names, known), 3L)
  hints <- lapply(names, function(name) {
    near <- nearest(name, known)
    if (length(near)) nearest_sentence(paste0("There is no column '", name, "'"), near)
  })
  if (length(unlist(hints))) return(unlist(hints))
  if (length(names)) columns_sentence(columns)
}

export_hint <- function(name, package) {
  newer <- newer_hint(name)
  if (!is.null(newer)) return(newer)
  near <- nearest(name, getNamespaceExports(package))
  if (length(near)) return(nearest_sentence(paste0("Package '", package, "' has no '", name, "'"), near))
  home <- setdiff(packages_with(name), package)
  if (length(home)) paste0("'", name, "' is in package '", home[[1]], "': write ", home[[1]], "::", name, "().")
}

function_hint <- function(name) {
  if (name %in% no_devices) return(NULL)
  newer <- newer_hint(name)
  if (!is.null(newer)) return(newer)
  homes <- packages_with(name)
  if (length(homes)) {
    homes <- c(intersect(common_homes, homes), setdiff(homes, common_homes))
    return(paste0("'", name, "' is in package ", quoted(homes), ": library(", homes[[1]], ") first."))
  }
  absent <- missing_homes(name)
  if (length(absent)) return(paste0("'", name, "' comes from package '", absent[[1]], "'. ", packages_hint(absent[[1]])))
  foreign <- foreign_hint(name, TRUE)
  if (!is.null(foreign)) return(foreign)
  near <- nearest(name, unique(c(state$local_names, unlist(lapply(search(), ls)))))
  if (length(near)) nearest_sentence(paste0("There is no function '", name, "'"), near)
}

# Of several packages that have a function, those that scripts mean.
common_homes <- c("ggplot2", "dplyr", "tidyr", "scales", "stringr", "purrr", "lubridate", "readr", "tibble", "patchwork")

# rule "windows()" answers these.
no_devices <- c("windows", "quartz", "win.graph", "x11", "X11")

argument_hint <- function(name, call) {
  newer <- newer_hint(name)
  if (!is.null(newer)) return(newer)
  f <- if (is.call(call) && is.symbol(call[[1]])) get0(as.character(call[[1]]), globalenv(), mode = "function")
  known <- setdiff(names(formals(f)), "...")
  near <- nearest(name, known)
  if (!length(near)) near <- utils::head(known, 12L)
  if (length(near)) paste0("Arguments it does take: ", quoted(near), ".")
}

# The names most like `name`, at most three: a third of it may differ, or it is a start of another, or two letters
# changed places. A name is not taken for a much shorter one with which it begins.
nearest <- function(name, known) {
  known <- utils::head(unique(known[nzchar(known)]), 20000L)
  if (!length(known) || !nzchar(name)) return(character())
  distance <- drop(utils::adist(name, known, ignore.case = TRUE))
  longer <- nchar(name) - nchar(known)
  begins <- (startsWith(tolower(known), tolower(name)) & nchar(name) >= 3L) |
    (startsWith(tolower(name), tolower(known)) & nchar(known) >= 3L & longer <= nchar(name) %/% 2)
  distance[c(which(begins & distance > 1), same_letters(name, known))] <- 1
  close <- which(distance <= max(1, nchar(name) %/% 3) & distance < nchar(name))
  known[close[order(distance[close], abs(longer[close]))]][seq_len(min(3L, length(close)))]
}

same_letters <- function(name, known) {
  sorted <- function(text) paste(sort(strsplit(tolower(text), "")[[1]]), collapse = "")
  candidates <- which(nchar(known) == nchar(name))
  candidates[vapply(known[candidates], sorted, "") == sorted(name)]
}

nearest_sentence <- function(start, near) {
  paste0(start, "; the nearest ", if (length(near) > 1) "names are " else "name is ", quoted(near), ".")
}

columns_sentence <- function(columns) {
  if (!length(columns)) return(NULL)
  shown <- utils::head(columns, 2L)
  paste0("Columns of ", names(shown), ": ", vapply(shown, function(names) {
    paste0(quoted(utils::head(names, 30L)), if (length(names) > 30L) " and more")
  }, ""), ".")
}

quoted <- function(names) paste0("'", names, "'", collapse = ", ")

# The data frames an expression names, with those of plots that it names, and then the others there are.
frames_in <- function(expression) {
  names <- utils::head(unique(c(all.names(expression), ls(globalenv()))), 200L)
  found <- list()
  for (name in names) {
    value <- get0(name, globalenv(), ifnotfound = NULL)
    if (inherits(value, "ggplot")) value <- value$data
    if (is.data.frame(value)) found[[name]] <- value
  }
  found
}

columns_of <- function(frames) lapply(frames, function(frame) attr(frame, "names"))

# The columns of those data frames, by the frames' names, after those of tables made in the expression itself.
columns_in <- function(expression) c(columns_made(expression), columns_of(frames_in(expression)))

columns_made <- function(expression) {
  if (!is.call(expression)) return(NULL)
  head <- expression[[1]]
  maker <- if (is.call(head) && length(head) == 3L) head[[3]] else head
  if (is.symbol(maker) && as.character(maker) %in% c("data.frame", "tibble", "data.table")) {
    columns <- setdiff(names(expression), c("", "stringsAsFactors", "check.names"))
    return(structure(list(columns), names = short(call_text(expression), 60L)))
  }
  unlist(lapply(as.list(expression), columns_made), recursive = FALSE)
}

strings_in <- function(expression) {
  if (is.character(expression)) return(utils::head(as.vector(expression), 20L))
  if (is.call(expression)) unlist(lapply(as.list(expression), strings_in))
}
