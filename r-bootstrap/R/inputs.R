# Tables and texts that the script read as what they are not: another encoding, separator or decimal mark.

# A sentence on each file that was misread; the files are those that the code names, read up to `most` bytes.
misread_files <- function(code, most = 4e6) {
  sentences <- character()
  for (call in calls_of(code, names(text_readers))) {
    if (length(sentences) >= 3L) break
    for (path in files_named(call, code)) {
      sentences <- c(sentences, misread_sentences(path, called_name(call), call, most))
    }
  }
  unique(sentences)
}

files_named <- function(call, code) {
  paths <- texts_in(argument(call, "file", 1L), code)
  paths <- paths[!is.na(paths) & nchar(paths, "bytes") < 1000L]
  utils::head(paths[file.exists(paths) & !dir.exists(paths)], 5L)
}

# How each reader is told of an encoding, and what it takes for the separator and the decimal mark; NULL where it finds
# the separator itself.
text_readers <- list(
  read.csv = list(family = "base", separator = ",", decimal = "."),
  read.csv2 = list(family = "base", separator = ";", decimal = ","),
  read.delim = list(family = "base", separator = "\t", decimal = "."),
  read.delim2 = list(family = "base", separator = "\t", decimal = ","),
  read.table = list(family = "base", decimal = "."),
  read_csv = list(family = "readr", separator = ",", decimal = "."),
  read_csv2 = list(family = "readr", separator = ";", decimal = ","),
  read_tsv = list(family = "readr", separator = "\t", decimal = "."),
  read_delim = list(family = "readr", decimal = "."),
  vroom = list(family = "readr", decimal = "."),
  fread = list(family = "fread"),
  readLines = list(family = "lines"),
  read_lines = list(family = "readr"),
  scan = list(family = "base")
)

misread_sentences <- function(path, reader, call, most) {
  about <- text_readers[[reader]]
  bytes <- readBin(path, "raw", min(file.size(path), most))
  encoding <- encoding_of(bytes, length(bytes) == most)
  said <- names(call)
  if (length(encoding) && !any(c("encoding", "fileEncoding", "locale") %in% said) && !is.call(call[[2]])) {
    return(encoding_sentence(path, encoding, about$family, reader))
  }
  if (any(c("sep", "delim", "dec") %in% said) || has_plain_header(bytes, about$separator)) return(NULL)
  separator_sentence(path, layout_of(bytes, encoding), about, reader)
}

# The encoding of a text that is not UTF-8, by the name that iconv has for it; NULL where it is.
encoding_of <- function(bytes, is_cut = FALSE) {
  if (length(bytes) < 2L) return(NULL)
  mark <- as.integer(bytes[1:2])
  if (identical(mark, c(255L, 254L))) return("UTF-16LE")
  if (identical(mark, c(254L, 255L))) return("UTF-16BE")
  start <- utils::head(bytes, 4000L)
  zeros <- which(start == as.raw(0))
  if (length(zeros) > length(start) / 4) return(if (mean(zeros %% 2) > 0.5) "UTF-16BE" else "UTF-16LE")
  if (length(zeros) || all(bytes < as.raw(0x80))) return(NULL)
  lines <- strsplit(rawToChar(bytes), "\n", fixed = TRUE, useBytes = TRUE)[[1]]
  whole <- if (is_cut) utils::head(lines, -1L) else lines
  if (all(validUTF8(whole))) return(NULL)
  if (any(bytes >= as.raw(0x80) & bytes <= as.raw(0x9f))) "windows-1252" else "latin1"
}

# Whether the first line of a table has the separator that its reader wants, and no other: then nothing is misread.
has_plain_header <- function(bytes, separator) {
  start <- utils::head(bytes, 4096L)
  end <- which(start == as.raw(0x0a))
  if (is.null(separator) || !length(end) || any(start == as.raw(0))) return(FALSE)
  header <- rawToChar(start[seq_len(end[[1]])])
  has <- vapply(c(";", "\t", "|", ","), function(sign) grepl(sign, header, fixed = TRUE, useBytes = TRUE), TRUE)
  sum(has) == 1L && has[[separator]]
}

encoding_sentence <- function(path, encoding, family, reader) {
  name <- deparse(path)
  fix <- switch(if (family == "fread" && encoding != "latin1") "base" else family,
    base = sprintf("%s(%s, fileEncoding = \"%s\")", if (family == "fread") "read.csv" else reader, name, encoding),
    readr = sprintf("%s(%s, locale = locale(encoding = \"%s\"))", reader, name, encoding),
    fread = sprintf("fread(%s, encoding = \"Latin-1\")", name),
    lines = sprintf("readLines(file(%s, encoding = \"%s\"))", name, encoding)
  )
  paste0("'", path, "' is not UTF-8 but ", encoding, ". Read it with ", fix, ".")
}

# list(separator, decimal): of the first lines of a table, NULL where they do not show it.
layout_of <- function(bytes, encoding) {
  if (length(encoding) && startsWith(encoding, "UTF-16")) return(NULL)
  start <- utils::head(bytes, 20000L)
  lines <- strsplit(rawToChar(start[start != 0]), "\n", fixed = TRUE, useBytes = TRUE)[[1]]
  lines <- sub("\r$", "", utils::head(lines, 40L), useBytes = TRUE)
  lines <- utils::head(gsub("\"[^\"]*\"", "q", lines[nzchar(lines)], useBytes = TRUE), 20L)
  if (length(lines) < 2L) return(NULL)
  signs <- c(";", "\t", "|", ",")
  counts <- vapply(signs, function(sign) {
    found <- lengths(regmatches(lines, gregexpr(sign, lines, fixed = TRUE, useBytes = TRUE)))
    if (length(unique(found)) == 1L || sign == ";" && min(found) > 0L) min(found) else 0L
  }, 1L)
  separator <- if (any(counts > 0L)) signs[counts > 0L][[1]]
  cells <- if (!is.null(separator)) unlist(strsplit(lines[-1], separator, fixed = TRUE, useBytes = TRUE))
  decimal <- if (!identical(separator, ",") && any(grepl("^ *-?[0-9.]*[0-9],[0-9]+ *$", cells, useBytes = TRUE))) ","
  list(separator = separator, decimal = decimal)
}

separator_sentence <- function(path, layout, about, reader) {
  if (is.null(about$decimal) || is.null(layout$separator)) return(NULL)
  wrong_separator <- !is.null(about$separator) && about$separator != layout$separator
  wrong_decimal <- identical(layout$decimal, ",") && about$decimal != ","
  if (!wrong_separator && !wrong_decimal) return(NULL)
  signs <- c(`;` = "semicolons", `\t` = "tabs", `|` = "vertical bars", `,` = "commas")
  is_readr <- about$family == "readr"
  decimal <- if (!identical(layout$decimal, ",")) "" else if (is_readr) ", locale = locale(decimal_mark = \",\")" else ", dec = \",\""
  name <- deparse(path)
  fix <- switch(layout$separator,
    `;` = if (is_readr) sprintf("read_csv2(%s)", name) else sprintf("read.csv2(%s)", name),
    `\t` = sprintf("%s(%s%s)", if (is_readr) "read_tsv" else "read.delim", name, decimal),
    `,` = sprintf("%s(%s)", if (is_readr) "read_csv" else "read.csv", name),
    sprintf("%s(%s, %s = \"%s\"%s)", if (is_readr) "read_delim" else "read.csv", name, if (is_readr) "delim" else "sep", layout$separator, decimal)
  )
  paste0(
    "'", path, "' has ", signs[[layout$separator]], " between its columns",
    if (identical(layout$decimal, ",")) " and decimal commas", ". Read it with ", fix, "."
  )
}

# Text columns of numbers with signs around them, where something wanted numbers.
number_as_text_hint <- function(expression) {
  frames <- utils::head(frames_in(expression), 10L)
  for (name in names(frames)) {
    columns <- unclass(frames[[name]])
    for (column in utils::head(attr(frames[[name]], "names"), 50L)) {
      values <- columns[[column]]
      if (is.factor(values)) values <- attr(values, "levels")
      if (!is.character(values)) next
      values <- utils::head(as.vector(values)[!is.na(values) & nzchar(values)], 100L)
      if (length(values) && mean(grepl("^\\s*[$\u20ac\u00a3]?\\s*-?[0-9][0-9.,' ]*\\s*[%\u20ac$]?\\s*$", values)) > 0.8) {
        return(paste0(
          "Column '", column, "' of ", name, " is text, such as '", values[[1]],
          "'. Turn it into numbers: ", number_fix(values, paste0(name, "$", column)), "."
        ))
      }
    }
  }
}

number_fix <- function(values, column) {
  if (any(grepl("[0-9],[0-9]{1,2}\\D*$", values))) return(sprintf("as.numeric(sub(\",\", \".\", %s))", column))
  if (any(grepl("[^0-9.-]", values))) return(sprintf("as.numeric(gsub(\"[^0-9.-]\", \"\", %s))", column))
  sprintf("as.numeric(%s)", column)
}
