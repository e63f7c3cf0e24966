#' Say what would fix a script that failed.
#'
#' @param condition The error; NULL if only R's printed text is known.
#' @param printed R's printed text.
#' @param warned The last warning before it: R's error about a connection does not name what was to be opened.
#' @param expression The top-level expression that failed.
#' @return Character vector of sentences, at most five.
error_hints <- function(condition, printed, warned, expression) {
  text <- if (is.null(condition)) printed else paste(conditionMessage(condition), collapse = "\n")
  if (startsWith(text, "cannot open the connection")) text <- paste(c(text, warned), collapse = "\n")
  text <- substr(iconv(text, "UTF-8", "UTF-8", sub = "?"), 1L, 8192L)
  call <- if (is.list(condition)) condition$call
  hints <- c(
    quietly(masked_hint(expression, call)),
    lapply(hint_rules, function(rule) {
      found <- regmatches(text, regexec(rule$pattern, text, perl = TRUE))[[1]]
      if (length(found)) quietly(rule$hint(found[-1], expression, call))
    }),
    quietly(install_hint(expression)),
    quietly(unanswered_hint()),
    quietly(shape_hint()),
    quietly(misread_files(state$script))
  )
  utils::head(unique(unlist(hints)), 5L)
}

# A hint that fails is left out: the others still hold.
quietly <- function(hint) tryCatch(hint, error = function(error) NULL)

#' Say what a warning means that nobody would understand, and after which the script went on; NULL if there is nothing to
#' say, or it was said before.
warning_advice <- function(warning) {
  text <- substr(iconv(warning, "UTF-8", "UTF-8", sub = "?"), 1L, 8192L)
  note_silent_layer(text)
  for (rule in warning_rules) {
    if (grepl(rule$pattern, text) && !rule$advice %in% state$advice) {
      state$advice <- c(state$advice, rule$advice)
      return(rule$advice)
    }
  }
}

no_shell_hint <- "No shell and no other program can be started from a script: do it in R."
network_hint <- "There is no network here: pass the data as an input of the request, and read that file."
no_install_hint <- "Packages cannot be installed here."

outside_hint <- paste(
  "Outside of its working directory a script can write no file, and read none but R's own. Use a name without",
  "a folder: what is written there is kept."
)

one_process_hint <- paste(
  "A script is one process and cannot start another: use lapply() or a for loop in place of parallel functions, and leave",
  "makeCluster() and plan() out."
)

# They talk to their processes through sockets: what fails first is the network.
process_starters <- c(
  "makeCluster", "makePSOCKcluster", "makeForkCluster", "makeClusterPSOCK", "plan", "registerDoParallel", "clusterApply", "parLapply"
)

nobody_hint <- "Nobody answers here: assign the value in the script, and print what is to be seen."

shiny_hint <- paste(
  "A Shiny app cannot run here: no server can be started. Draw the chart itself: the code of renderPlot(), with fixed values",
  "in place of input$..."
)

warning_rules <- list(
  list(pattern = "^error in running command$", advice = no_shell_hint),
  list(
    pattern = "^conversion failure on '|^font (width|metrics) unknown for ",
    advice = "pdf() has no letters beyond those of Latin-1: use cairo_pdf(), or ggsave(device = cairo_pdf)."
  ),
  list(pattern = "agg could not write to the given file|^cannot create (dir|file) '[/~]", advice = outside_hint)
)

install_hint <- function(expression) {
  called <- called_in_full(expression)
  if (any(c("install.packages", "install_github", "pak") %in% called)) packages_or_none()
}

packages_or_none <- function() {
  hint <- packages_hint(character())
  if (is.null(hint)) paste(no_install_hint, "Use those that are.") else hint
}

called_in_full <- function(expression) {
  names <- character()
  each_call(expression, function(call) names <<- c(names, called_name(call)))
  names
}

# readline() returns "" where nobody answers, and the error comes later.
unanswered_hint <- function() {
  asked <- intersect(called_in_full(state$script), asking_functions)
  if (length(asked)) paste0("Nobody answers ", asked[[1]], "() here: assign the value in the script.")
}

asking_functions <- c(
  "readline", "menu", "file.choose", "choose.files", "choose.dir", "select.list", "askYesNo", "dlg_input", "dlgInput",
  "showPrompt", "selectFile", "selectDirectory", "askForPassword", "locator", "identify"
)

# What is no R and parses all the same: x &lt;- 5 is x & lt, and then -5.
shape_hint <- function() {
  lines <- utils::head(state$source$lines, 5000L)
  first <- utils::head(lines[grepl("\\S", lines)], 1L)
  if (any(grepl("^---\\s*$", first))) return("Line 1 is a header of R Markdown. Send the R code of the chunks alone.")
  if (any(grepl("^\\s*[[{]\\s*\"\\w+\"\\s*:", first))) return("The code is JSON. Send the R code alone.")
  line <- grep("&(lt|gt|amp|quot);", lines)
  if (length(line)) sub("%d", line[[1]], entities_fix, fixed = TRUE)
}

entities_fix <- "Line %d has HTML entities. Write the characters themselves: <, >, & and \"."

# `path` is what could not be opened, or "" if that is not known.
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
