# The lines of a script given as bytes: without byte order mark and carriage returns, marked as UTF-8.
code_lines <- function(bytes) {
  if (any(bytes == 0)) bytes <- bytes[seq_len(match(0, bytes) - 1)]
  code <- sub("^\xef\xbb\xbf", "", rawToChar(bytes), useBytes = TRUE)
  lines <- strsplit(code, "\r?\n", useBytes = TRUE)[[1]]
  Encoding(lines) <- "UTF-8"
  lines
}

# Parse the lines of a script: list(expressions, references, source, lines, sources), where
# `source` is the srcfile and `lines` tells where each expression begins; or list(error), as the report has it.
parse_lines <- function(lines, with_sources = FALSE) {
  source <- srcfilecopy("script.R", lines)
  tryCatch(
    {
      expressions <- parse(text = lines, srcfile = source, keep.source = TRUE, encoding = "UTF-8")
      references <- attr(expressions, "srcref")
      list(
        expressions = expressions,
        references = references,
        source = source,
        lines = vapply(references, function(at) at[[7]], 1L),
        sources = if (with_sources) vapply(references, source_text, "")
      )
    },
    error = function(cnd) {
      cat("Error: ", conditionMessage(cnd), "\n", sep = "", file = stderr())
      list(error = parse_error(conditionMessage(cnd), lines))
    }
  )
}

source_text <- function(reference) paste(as.character(reference), collapse = "\n")

# R's text is "script.R:3:5: unexpected symbol", and then the lines around; or, where it has no such
# place, it names at most a line.
parse_error <- function(text, lines) {
  place <- regmatches(text, regexec("script\\.R:([0-9]+):([0-9]+)", text))[[1]]
  line <- if (length(place)) as.integer(place[[2]])
  column <- if (length(place)) as.integer(place[[3]])
  list(
    kind = "parse",
    message = text,
    class = I(c("parseError", "error", "condition")),
    call = NULL,
    line = line,
    column = column,
    source = if (!is.null(line) && line <= length(lines)) substr(lines[[line]], 1, 500),
    traceback = list(),
    hints = I(character())
  )
}
