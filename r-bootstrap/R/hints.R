#' Say what would help to mend a script that failed.
#'
#' @param condition The error; NULL where only R's printed text is known.
#' @param printed R's printed text.
#' @param warned The last warning before it: of a connection, R's error does not name what was to be opened.
#' @param expression The top-level expression that failed.
#' @return Character vector of sentences, at most five.
error_hints <- function(condition, printed, warned, expression) {
  text <- if (is.null(condition)) printed else paste(conditionMessage(condition), collapse = "\n")
  if (startsWith(text, "cannot open the connection")) text <- paste(c(text, warned), collapse = "\n")
  text <- substr(iconv(text, "UTF-8", "UTF-8", sub = "?"), 1L, 8192L)
  call <- if (is.list(condition)) condition$call
  hints <- lapply(hint_rules, function(rule) {
    found <- regmatches(text, regexec(rule$pattern, text, perl = TRUE))[[1]]
    if (length(found)) rule$hint(found[-1], expression, call)
  })
  utils::head(unique(c(unlist(hints), install_hint(expression))), 5L)
}

#' Say what nobody would make of a warning after which the script went on; NULL where there is nothing to say, or it
#' was said before.
warning_advice <- function(warning) {
  text <- substr(iconv(warning, "UTF-8", "UTF-8", sub = "?"), 1L, 8192L)
  for (rule in warning_rules) {
    if (grepl(rule$pattern, text) && !rule$advice %in% state$advice) {
      state$advice <- c(state$advice, rule$advice)
      return(rule$advice)
    }
  }
}

no_shell_hint <- "No shell and no other program can be started from a script: do it in R."

outside_hint <- paste(
  "Outside of its working directory a script can write no file, and read none but R's own: use a name without",
  "a folder, for what is written there is kept."
)

warning_rules <- list(
  list(pattern = "^error in running command$", advice = no_shell_hint),
  list(pattern = "agg could not write to the given file|^cannot create (dir|file) '[/~]", advice = outside_hint)
)

# Each rule: what R or a package says, and what to answer. The pattern's groups come as `found`.
hint_rules <- list(
  list(
    pattern = "object ['\u2018]([^'\u2019]+)['\u2019] not found",
    hint = function(found, expression, call) object_hint(found, expression)
  ),
  list(
    pattern = "could not find function \"([^\"]+)\"",
    hint = function(found, expression, call) function_hint(found)
  ),
  list(
    pattern = "there is no package called ['\u2018]([^'\u2019]+)['\u2019]",
    hint = function(found, expression, call) package_hint(found)
  ),
  list(
    pattern = "(?:[Cc]olumns?|variables?:?|[Cc]olumn names?) [`'\u2018]([^`'\u2019]+)[`'\u2019]",
    hint = function(found, expression, call) column_hint(found, expression)
  ),
  list(
    pattern = "Join columns must be present|must be present in the data",
    hint = function(found, expression, call) columns_sentence(columns_in(expression))
  ),
  list(
    pattern = "'([^']+)' is not an exported object from 'namespace:([^']+)'",
    hint = function(found, expression, call) export_hint(found[[1]], found[[2]])
  ),
  list(
    pattern = "undefined columns selected",
    hint = function(found, expression, call) column_hint(strings_in(expression), expression)
  ),
  list(
    pattern = "unused arguments? \\(([A-Za-z0-9._]+) =",
    hint = function(found, expression, call) argument_hint(found, call)
  ),
  list(
    pattern = paste0(
      "(?:cannot|could not) open (?:compressed )?file '([^'\n]*)'|cannot open the connection(?!\ncannot open)|",
      "does not exist in current working directory|No such file|[Ff]ile '([^']*)' does not exist|",
      "`path` does not exist"
    ),
    hint = function(found, expression, call) files_hint(paste(found, collapse = ""), expression)
  ),
  list(
    pattern = paste0(
      "cannot open URL|internet routines|[Cc]ould ?n[o']t? resolve host|cannot be resolved|",
      "no network|getaddrinfo|[Uu]nable to resolve host|Failed to connect|Timeout was reached|",
      "cannot open the connection to 'https?:|cannot connect to"
    ),
    hint = function(found, expression, call) network_hint
  ),
  list(
    pattern = "error in running command|cannot popen|cannot open pipe\\(\\)|cannot start process|processx_exec",
    hint = function(found, expression, call) no_shell_hint
  ),
  list(
    pattern = "cannot fork|unable to fork",
    hint = function(found, expression, call) {
      "A script is one process and may start no other: use lapply() in place of its parallel kin."
    }
  ),
  list(
    pattern = "cannot change working directory",
    hint = function(found, expression, call) {
      "The inputs already lie in the working directory, and no other is of use: leave setwd() out."
    }
  ),
  list(
    pattern = paste0(
      "should not open a graphics device|unable to open connection to X11|",
      "function \"(?:windows|quartz|win\\.graph|x11|X11)\""
    ),
    hint = function(found, expression, call) {
      "Every plot is kept as a chart without a device of the script's own: leave this call out."
    }
  ),
  list(
    pattern = "cannot shut down device 1",
    hint = function(found, expression, call) {
      "No device is open: every plot is kept as a chart without dev.off(), so leave it out."
    }
  ),
  list(
    pattern = "unable to start data viewer|dataentry cannot be loaded|unable to open display|requires an interactive",
    hint = function(found, expression, call) {
      "Nobody sits at this session: print what is to be seen."
    }
  ),
  list(
    pattern = "nested too deeply|C stack usage|node stack overflow",
    hint = function(found, expression, call) "A function calls itself without an end."
  ),
  list(
    pattern = "without setting a mirror|unable to install packages|is not writable",
    hint = function(found, expression, call) no_install_hint
  )
)

network_hint <- "There is no network here: pass the data as an input of the request, and read that file."
no_install_hint <- "Packages cannot be installed here: use those that are."

install_hint <- function(expression) {
  calls <- all.names(expression)
  if (any(c("install.packages", "install_github", "pak") %in% calls)) no_install_hint
}

object_hint <- function(name, expression) {
  columns <- columns_in(expression)
  holders <- names(Filter(function(known) name %in% known, columns))
  if (length(holders)) return(paste0("'", name, "' is a column of ", holders[[1]], ", and no object."))
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
  near <- nearest(name, getNamespaceExports(package))
  if (length(near)) nearest_sentence(paste0("Package '", package, "' has no '", name, "'"), near)
}

function_hint <- function(name) {
  if (name %in% c("windows", "quartz", "win.graph")) return(NULL)
  homes <- packages_with(name)
  if (length(homes)) {
    return(paste0("'", name, "' is in package ", quoted(homes), ": library(", homes[[1]], ") first."))
  }
  near <- nearest(name, unique(c(state$local_names, unlist(lapply(search(), ls)))))
  if (length(near)) nearest_sentence(paste0("There is no function '", name, "'"), near)
}

package_hint <- function(name) {
  start <- paste0("Package '", name, "' is not installed, and none can be installed here")
  near <- nearest(name, unique(list.files(.libPaths())))
  if (length(near)) return(nearest_sentence(start, near))
  paste0(start, "; loaded and ready are ", quoted(utils::head(ready_packages(), 12L)), ".")
}

argument_hint <- function(name, call) {
  f <- if (is.call(call) && is.symbol(call[[1]])) get0(as.character(call[[1]]), globalenv(), mode = "function")
  known <- setdiff(names(formals(f)), "...")
  near <- nearest(name, known)
  if (!length(near)) near <- utils::head(known, 12L)
  if (length(near)) paste0("Arguments it does take: ", quoted(near), ".")
}

# `path` is what could not be opened, or "" where that is not known.
files_hint <- function(path, expression) {
  if (any(grepl("^(https?|ftp)://", c(path, strings_in(expression))))) return(network_hint)
  files <- list.files(".", recursive = TRUE)
  holds <- if (length(files)) paste0("The working directory holds ", quoted(utils::head(files, 10L)), ".")
  folder <- dirname(path)
  if (startsWith(path, tempdir())) return(NULL)
  if (grepl("^[/~]", path) && !startsWith(path, getwd())) return(c(outside_hint, holds))
  if (nzchar(path) && !dir.exists(folder)) {
    return(c(paste0("There is no folder '", folder, "' in the working directory."), holds))
  }
  if (length(files)) holds else "The working directory is empty: this request brought no inputs."
}

# The names most like `name`, at most three: a third of it may differ, or it is a start, or two letters
# changed places.
nearest <- function(name, known) {
  known <- utils::head(unique(known[nzchar(known)]), 20000L)
  if (!length(known) || !nzchar(name)) return(character())
  distance <- drop(utils::adist(name, known, ignore.case = TRUE))
  begins <- (startsWith(tolower(known), tolower(name)) & nchar(name) >= 3L) |
    (startsWith(tolower(name), tolower(known)) & nchar(known) >= 3L)
  distance[c(which(begins & distance > 1), same_letters(name, known))] <- 1
  close <- which(distance <= max(1, nchar(name) %/% 3) & distance < nchar(name))
  known[close[order(distance[close], abs(nchar(known[close]) - nchar(name)))]][seq_len(min(3L, length(close)))]
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

ready_packages <- function() setdiff(sort(loadedNamespaces()), c(base_packages, "rampart"))
