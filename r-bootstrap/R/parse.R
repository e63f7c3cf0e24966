# The lines of a script given as bytes: without byte order mark and carriage returns, marked as UTF-8.
code_lines <- function(bytes) {
  code <- sub("^\xef\xbb\xbf", "", rawToChar(bytes[bytes != 0]), useBytes = TRUE)
  lines <- sub("\r$", "", strsplit(code, "\n", fixed = TRUE, useBytes = TRUE)[[1]], useBytes = TRUE)
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

# An R string cannot hold a NUL: such a script is refused where the first one stands.
nul_error <- function(bytes, lines) {
  before <- bytes[seq_len(which(bytes == 0)[[1]] - 1L)]
  ends <- which(before == charToRaw("\n"))
  column <- length(before) - max(ends, 0L) + 1L
  parse_error(sprintf("script.R:%d:%d: nul character not allowed", length(ends) + 1L, column), lines)
}

# R's text is "script.R:3:5: unexpected symbol", and then the lines around; or, where it has no such
# place, it names at most a line.
parse_error <- function(text, lines) {
  place <- regmatches(text, regexec("(?:script\\.R|<[a-z]+>):([0-9]+):([0-9]+)", text))[[1]]
  if (!length(place)) place <- regmatches(text, regexec("(?:at|on) line ([0-9]+)()", text))[[1]]
  line <- if (length(place)) as.integer(place[[2]])
  column <- if (length(place) && nzchar(place[[3]])) as.integer(place[[3]])
  list(
    kind = "parse",
    message = text,
    class = I(c("parseError", "error", "condition")),
    call = NULL,
    line = line,
    column = column,
    source = if (!is.null(line) && line <= length(lines)) substr(iconv(lines[[line]], "UTF-8", "UTF-8", sub = "?"), 1, 500),
    traceback = list(),
    hints = I(character())
  )
}
