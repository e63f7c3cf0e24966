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
      list(error = parse_error(conditionMessage(cnd), lines, find = TRUE))
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

# R's text is "script.R:3:5: unexpected symbol", and then the lines around. At the end of the code its column
# is 0. `find` says whether the place is sought where R names none.
parse_error <- function(text, lines, find = FALSE) {
  place <- regmatches(text, regexec("(?:script\\.R|<[a-z]+>):([0-9]+):([0-9]+)", text))[[1]]
  place <- if (length(place)) as.integer(place[2:3]) else if (find) error_place(text, lines)
  line <- if (length(place)) place[[1]]
  list(
    kind = "parse",
    message = text,
    class = I(c("parseError", "error", "condition")),
    call = NULL,
    line = line,
    column = if (length(place)) max(place[[2]], 1L),
    source = if (!is.null(line) && line <= length(lines)) substr(iconv(lines[[line]], "UTF-8", "UTF-8", sub = "?"), 1, 500),
    traceback = list(),
    hints = I(as.character(quietly(parse_hints(lines, text, line))))
  )
}

# Line and column of an error whose text does not name them, such as "'\\d' is an unrecognized escape": R
# reads from start to end, so that it says the same of each beginning of the code that holds the place.
error_place <- function(text, lines) {
  fails_at <- function(code) {
    said <- tryCatch(
      {
        parse(text = code, keep.source = FALSE, encoding = "UTF-8")
        ""
      },
      error = conditionMessage
    )
    identical(said, text)
  }
  if (sum(nchar(lines, "bytes")) > 100000L) return(NULL) # it would take seconds
  line <- first_where(length(lines), function(n) fails_at(lines[seq_len(n)]))
  if (!fails_at(lines[seq_len(line)])) return(NULL)
  before <- lines[seq_len(line - 1L)]
  within <- nchar(lines[[line]], allowNA = TRUE)
  if (is.na(within) || within > 10000L) return(c(line, 1L))
  c(line, first_where(within, function(n) fails_at(c(before, substr(lines[[line]], 1L, n)))))
}

# The first of 1 to `most` of which something holds that holds of all after it.
first_where <- function(most, holds) {
  least <- 1L
  while (least < most) {
    middle <- (least + most) %/% 2L
    if (holds(middle)) most <- middle else least <- middle + 1L
  }
  least
}
