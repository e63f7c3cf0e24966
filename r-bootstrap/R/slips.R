# What the lines of a script that does not parse look like, so that the answer names the slip and not the token.

# What to change in code that does not parse: `text` is R's message, `line` where it stopped, NULL where that is unknown.
parse_hints <- function(lines, text, line = NULL) {
  lines <- iconv(utils::head(lines, 5000L), "UTF-8", "UTF-8", sub = "?")
  at <- if (is.null(line) || line > length(lines)) "" else lines[[line]]
  hints <- lapply(code_slips, function(slip) {
    where <- if (isTRUE(slip$anywhere)) grep(slip$pattern, lines, perl = TRUE) else line[grepl(slip$pattern, at, perl = TRUE)]
    said <- is.null(slip$message) || grepl(slip$message, text, perl = TRUE)
    if (length(where) && said) sub("%d", where[[1]], slip$hint, fixed = TRUE)
  })
  hints <- unlist(hints)
  if (!length(hints)) hints <- unclosed_hint(lines, text, line)
  if (!length(hints)) hints <- message_slip(text)
  utils::head(hints, 3L)
}

typographic_quotes <- "[\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2032\u2033\uff02\uff07]"

# Each slip: a pattern of the line at which R stopped or, with `anywhere`, of any line; what R's message must say
# besides, where it matters; and the fix, with %d for the line.
code_slips <- list(
  list(
    pattern = "^\\s*(```|~~~)", anywhere = TRUE,
    hint = "Line %d is a Markdown fence. Send the R code alone, without ``` lines and without the text around them."
  ),
  list(
    pattern = typographic_quotes, message = "unexpected (input|symbol|string)|invalid token",
    hint = "Line %d has typographic quotes. Replace them by straight ones: \" or '."
  ),
  list(
    pattern = typographic_quotes, anywhere = TRUE, message = "unexpected (INCOMPLETE_STRING|end of input)",
    hint = "Line %d has typographic quotes. Replace them by straight ones: \" or '."
  ),
  list(
    pattern = "[\u00a0\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff]",
    hint = "Line %d has a space or a mark that R does not know (a no-break space, for one). Replace it by a plain space."
  ),
  list(
    pattern = "[\u2010-\u2015\u2212\u00d7\u00f7\u2264\u2265\u2260\u2190\u2192\u2026\uff08\uff09\uff0c\uff1a\uff1b\uff1d]",
    message = "unexpected (input|INCOMPLETE|invalid token)",
    hint = "Line %d has a sign that R does not read as code. Write it in ASCII: -, *, /, <=, >=, !=, <-, (, ) or a comma."
  ),
  list(pattern = "&(lt|gt|amp|quot|#39|#34|nbsp);", hint = entities_fix),
  list(
    pattern = "^\\s*</?(html|head|body|div|script|!DOCTYPE|code|pre)\\b", hint = "Line %d is HTML. Send R code alone."
  ),
  list(
    pattern = "^\\s*(import\\s+[A-Za-z_.]+(\\s+as\\s+\\w+)?\\s*$|from\\s+[\\w.]+\\s+import\\s)", anywhere = TRUE,
    hint = "Line %d is Python. Write R: library(dplyr) and read.csv() for pandas, ggplot2 for matplotlib."
  ),
  list(
    pattern = paste0(
      "^\\s*(def\\s+\\w+\\s*\\(.*:\\s*$|class\\s+\\w+.*:\\s*$|elif\\b.*:|else\\s*:\\s*$|try\\s*:\\s*$|except\\b.*:|",
      "(for|while|if|with)\\b[^{]*:\\s*$)|\\blambda\\s+\\w+(\\s*,\\s*\\w+)*\\s*:|(?<![A-Za-z0-9_.])f[\"'][^\"']*\\{|",
      "\\w\\s*(\\+=|\\*\\*=|-=|\\*=)\\s*\\w|\\bnot\\s+in\\b|\\bis\\s+(not\\s+)?None\\b|\\[[^]\\[]+\\s+for\\s+\\w+\\s+in\\s"
    ),
    hint = paste(
      "Line %d is Python. Write R: function(x) { } for def and lambda, { } for indented blocks,",
      "paste0() for f-strings, sapply() for comprehensions."
    )
  ),
  list(
    pattern = "^\\s*(const|let|var)\\s+\\w+\\s*=|=>|^\\s*//|\\bconsole\\.log\\(|\\w\\+\\+\\s*[;)]|^\\s*/\\*",
    hint = "Line %d is JavaScript or C. Write R: x <- 1, function(x) { }, and # for comments."
  ),
  list(
    pattern = "^\\s*(?i:select\\s+.+\\s+from\\s|create\\s+table|insert\\s+into|with\\s+\\w+\\s+as\\s*\\()",
    hint = "Line %d is SQL. Write R: dplyr's filter(), group_by() and summarise()."
  ),
  list(
    pattern = "^\\s*(\\$ |sudo |pip3? install|conda install|apt(-get)? install|Rscript |cd |mkdir |bash |curl |R CMD )",
    hint = "Line %d is a shell command. Send R code alone: no shell can be started here."
  ),
  list(
    pattern = "^\\s*%(matplotlib|%R|%%|load_ext)|^\\s*!\\w", hint = "Line %d is a notebook's command. Send R code alone."
  ),
  list(
    pattern = "^\\s*(> ?\\S|\\+ {2,}\\S|\\[[0-9]+\\] )",
    hint = "Line %d was copied from a console. Leave out the prompts (> and +) and the output ([1] ...)."
  ),
  list(
    pattern = "^---\\s*$", anywhere = TRUE, message = "unexpected",
    hint = "Line %d belongs to an R Markdown or YAML header. Send the R code of the chunks alone."
  ),
  list(
    pattern = "^\\s*[{\\[]\\s*\"\\w+\"\\s*:", hint = "Line %d is JSON. Send R code alone, as the text of the field `code`."
  ),
  list(
    pattern = "\\\\n|\\\\t|\\\\\"", message = "\\\\|unexpected (input|invalid token)|unrecognized escape",
    hint = "Line %d has \\n, \\t or \\\" outside of a string: the code was escaped twice. Send real line breaks and quotes."
  ),
  list(
    pattern = "\\\\", message = "unrecognized escape|without hex digits",
    hint = paste(
      "Line %d has a single backslash in a string. Write / in paths (inputs lie in the working directory),",
      "and \\\\ in patterns: \"\\\\d\"."
    )
  ),
  list(
    pattern = "^\\s*(%>%|\\|>|%<>%|%\\$%|%T>%)", hint = "Line %d begins with a pipe. End the line before it with the pipe."
  ),
  list(
    pattern = "^\\s*(}\\s*)?else\\b", message = "unexpected 'else'",
    hint = "Line %d begins with else. Write it on the line of the closing brace: } else {."
  ),
  list(
    pattern = "\\|>", message = "pipe operator requires a function call",
    hint = "Line %d pipes into what is no call. Write the parentheses: x |> f()."
  ),
  list(
    pattern = "_", message = "placeholder",
    hint = "Line %d uses the pipe's `_` as this R cannot. Give it as a named argument, once: x |> f(data = _); or name the value."
  ),
  list(
    pattern = "^\\s*([A-Z][a-z]+,?|Sure!|Here('s)?|I)\\s+(\\w+('\\w+)?,?\\s+){2,}[^\\s<=+(].*$",
    hint = "Line %d is prose. Send R code alone, or begin the line with #."
  ),
  list(
    pattern = "^\\s*(#+\\s|\\*\\*|[-*]\\s+\\w|[0-9]+\\.\\s+\\w)", message = "unexpected",
    hint = "Line %d is Markdown. Send R code alone, or begin the line with #."
  )
)

# What R says alone tells enough.
message_slip <- function(text) {
  if (grepl("unexpected '[])}]'|unexpected '\\]\\]'", text)) return("There is a closing bracket too many: remove it, or open it before.")
  if (grepl("unexpected (symbol|numeric constant|string constant|SPECIAL)", text)) {
    return("A comma, an operator or a line break is missing before the place where R stopped.")
  }
  if (grepl("unexpected assignment|invalid assignment|invalid \\(do_set\\)", text)) return("Assign to a name: name <- value.")
  if (grepl("unexpected '\\['", text)) return("Write vectors with c(1, 2) and lists with list(): R has no literals in square brackets.")
  if (grepl("unexpected ','", text)) return("There is a comma too many, or a bracket was closed too early.")
  if (grepl("nul character", text)) return("Remove the NUL byte: the code must be text in UTF-8.")
}

# Which bracket or quote is open where the code ends, or where a new statement begins within a bracket; else NULL.
unclosed_hint <- function(lines, text, line) {
  ends <- grepl("unexpected (end of input|INCOMPLETE_STRING)", text)
  begins <- !ends && length(line) && line > 1L && grepl(paste0(":", line, ":[0-9]+: unexpected (symbol|assignment)"), text)
  if (!ends && !begins) return(NULL)
  open <- open_bracket(if (ends) lines else lines[seq_len(line - 1L)])
  if (is.null(open) || !ends && open$sign == "{") return(NULL)
  kind <- if (open$sign %in% c("\"", "'", "`")) "quote" else "bracket"
  paste0(
    "The ", kind, " ", open$sign, " of line ", open$line, " is not closed",
    if (ends) ": close it, or send the rest of the code.",
    if (begins) paste0(" before line ", line, ".")
  )
}

# The outermost bracket, or the quote, that is still open at the end: list(sign, line).
open_bracket <- function(lines) {
  closes <- c(`)` = "(", `]` = "[", `}` = "{")
  open <- list()
  quote <- NULL
  for (number in seq_along(lines)) {
    signs <- strsplit(gsub("\\\\.", "", lines[[number]]), "")[[1]]
    for (sign in signs[signs %in% c("\"", "'", "`", "#", "(", "[", "{", ")", "]", "}")]) {
      if (!is.null(quote)) {
        if (sign == quote$sign) quote <- NULL
      } else if (sign == "#") {
        break
      } else if (sign %in% c("\"", "'", "`")) {
        quote <- list(sign = sign, line = number)
      } else if (sign %in% closes) {
        open <- c(open, list(list(sign = sign, line = number)))
      } else if (length(open) && open[[length(open)]]$sign == closes[[sign]]) {
        open <- open[-length(open)]
      }
    }
  }
  if (!is.null(quote)) quote else if (length(open)) open[[1]]
}

# Words of other languages that R takes for names, and what R writes.
foreign_objects <- c(
  True = "TRUE", False = "FALSE", true = "TRUE", false = "FALSE", None = "NULL", null = "NULL", nil = "NULL",
  undefined = "NULL", nan = "NaN", inf = "Inf", self = "the object's own name"
)

foreign_functions <- c(
  len = "length()", println = "print()", printf = "cat(sprintf())", enumerate = "seq_along()", isinstance = "inherits()",
  zip = "Map()", dict = "list()", tuple = "list()", input = "a value in the script: nobody answers", int = "as.integer()",
  float = "as.numeric()", str_len = "nchar()", upper = "toupper()", lower = "tolower()", strip = "trimws()",
  define = "name <- function() { }", echo = "print()", const = "name <- value", elseif = "else if", sorted = "sort()"
)

# Where a name is another language's, or a method called as Python does: values.append(3).
foreign_hint <- function(name, is_function) {
  words <- if (is_function) foreign_functions else foreign_objects
  if (name %in% names(words)) return(paste0("'", name, "' is not R. Write ", words[[name]], "."))
  parts <- strsplit(name, ".", fixed = TRUE)[[1]]
  if (parts[[1]] %in% c("np", "pd", "plt", "sns", "px", "console", "math", "os", "json")) {
    return(paste0("'", name, "' is not R. Write the script in R: ggplot2 draws, read.csv() reads, print() prints."))
  }
  if (is_function && length(parts) == 2L && exists(parts[[1]], globalenv(), inherits = FALSE)) {
    paste0("R calls a function on an object: ", parts[[2]], "(", parts[[1]], ").")
  }
}
