#' Describe a value so that it survives as JSON.
#'
#' NA is null; NaN and the infinities are strings of those names. Dates are ISO 8601 text, times too,
#' with their offset; factors are their labels; a cell of a list column is its value where that is one
#' number or text, else a word on it in angle brackets. Strings end after 500 characters. No method of
#' the script's is called, but for the printed summary of a model.
#'
#' @param rows How many rows of a table, or elements of a long vector, are shown.
#' @return list(class, type, ...); with value for what is short, else with length or dim and preview.
describe_value <- function(value, rows = 20L) {
  description <- list(class = I(class(value)), type = typeof(value))
  state$cut <- FALSE
  if (inherits(value, "POSIXlt")) value <- as.POSIXct.POSIXlt(value)
  shown <- if (is.environment(value) || inherits(value, c("ggplot", "htmlwidget"))) {
    NULL # it is a chart, or has no parts to show
  } else if (is.data.frame(value)) {
    describe_table(value, rows)
  } else if (is_model(value)) {
    list(text = model_text(value))
  } else if (is.array(value) && is.atomic(value)) {
    describe_array(value, rows)
  } else if (is.atomic(value) || is.null(value)) { # NULL is atomic up to R 4.3
    describe_vector(value, rows)
  } else if (is.function(value)) {
    list(text = paste(utils::head(deparse(args(value)), -1L), collapse = "\n"))
  } else if (is.list(value)) {
    describe_list(value, rows)
  } else if (isS4(value)) {
    list(slots = I(setdiff(names(attributes(value)), "class")))
  } else if (is.language(value)) {
    list(text = language_text(value))
  }
  c(description, shown, if (state$cut) list(truncated = TRUE))
}

# Notes that what is shown of a value is not all of it, where that is so.
note_cut <- function(is_cut) if (is_cut) state$cut <- TRUE

COLUMNS_SHOWN <- 50L
LONGEST_WHOLE <- 100L
LONGEST_TEXT <- 500L

describe_table <- function(table, rows) {
  size <- .row_names_info(table, 2L)
  names <- shown_names(table)
  columns <- unclass(table)[seq_along(names)]
  taken <- seq_len(min(size, rows))
  note_cut(length(taken) < size || length(names) < length(unclass(table)))
  cells <- lapply(columns, function(column) as.list(shown_elements(column, taken)))
  list(
    rows = size,
    columns = lapply(seq_along(names), function(i) {
      list(name = names[[i]], type = column_type(columns[[i]]))
    }),
    columnCount = length(unclass(table)),
    rowNames = if (.row_names_info(table) > 0L) I(cut_text(utils::head(attr(table, "row.names"), length(taken)))),
    preview = lapply(taken, function(i) {
      record <- lapply(cells, function(column) if (i <= length(column)) column[[i]])
      structure(record, names = names)
    })
  )
}

# Names of the columns shown: no two alike, for they become keys.
shown_names <- function(table) {
  names <- attr(table, "names")
  names[is.na(names) | !nzchar(names)] <- "V"
  names <- utils::head(names, COLUMNS_SHOWN)
  make.unique(cut_text(names))
}

column_type <- function(column) {
  if (is.data.frame(column)) return("data.frame")
  if (is.object(column)) return(class(column)[[1]])
  if (is.matrix(column)) return("matrix")
  typeof(column)
}

describe_array <- function(array, rows) {
  names <- dimnames(array)
  if (!all(nzchar(names(names))) || anyDuplicated(names(names))) names <- unname(names)
  shown <- if (length(array) <= LONGEST_WHOLE) seq_along(array) else seq_len(min(length(array), rows))
  note_cut(length(shown) < length(array))
  list(
    dim = I(dim(array)),
    dimnames = if (!is.null(names)) lapply(names, function(n) if (!is.null(n)) I(cut_text(utils::head(n, 50L)))),
    preview = I(shown_elements(as.vector(array), shown))
  )
}

describe_vector <- function(vector, rows) {
  size <- length(unclass(vector))
  if (is.null(vector)) return(list(length = 0L, value = NULL))
  whole <- size <= LONGEST_WHOLE && rows > 0L
  note_cut(!whole)
  shown <- shown_elements(vector, seq_len(if (whole) size else min(size, rows)))
  names <- attr(vector, "names")
  c(
    list(length = size),
    if (!is.null(names)) list(names = I(cut_text(utils::head(names, length(shown))))),
    if (is.factor(vector)) list(levels = I(cut_text(utils::head(levels(vector), 50L)))),
    if (whole) list(value = if (size == 1L) shown else I(shown)) else list(preview = I(shown))
  )
}

describe_list <- function(list, rows) {
  elements <- utils::head(unclass(list), rows)
  note_cut(length(elements) < length(unclass(list)))
  names <- names(elements)
  shown <- lapply(elements, cell)
  if (!is.null(names)) names(shown) <- make.unique(ifelse(nzchar(names), cut_text(names), "V"))
  list(length = length(unclass(list)), preview = shown)
}

# Some elements of a vector, as vectors or lists that JSON has; never through a `[` of the script's.
shown_elements <- function(vector, taken) {
  if (is.data.frame(vector)) return(lapply(taken, function(i) "<data.frame>"))
  if (inherits(vector, "POSIXlt")) vector <- as.POSIXct.POSIXlt(vector)
  if (is.matrix(vector)) return(lapply(taken, function(i) cell(unclass(vector)[i, ])))
  raw <- unclass(vector)[taken]
  attributes(raw) <- NULL
  if (is.list(raw)) return(lapply(raw, cell))
  if (inherits(vector, "factor")) return(cut_text(attr(vector, "levels")[raw]))
  if (inherits(vector, "Date")) return(iso_dates(raw))
  if (inherits(vector, "POSIXct")) return(iso_times(raw, attr(vector, "tzone")))
  if (inherits(vector, "integer64")) return(long_integers(vector, taken))
  if (is.character(raw)) return(cut_text(raw))
  if (is.complex(raw) || is.raw(raw)) return(as.character(raw))
  raw
}

iso_dates <- function(days) {
  as.character(format.Date(structure(as.numeric(days), class = "Date"), "%Y-%m-%d"))
}

iso_times <- function(seconds, zone) {
  zone <- if (length(zone)) zone[[1]] else ""
  times <- structure(as.numeric(seconds), class = c("POSIXct", "POSIXt"), tzone = zone)
  sub("\\+0000$", "Z", format.POSIXct(times, "%Y-%m-%dT%H:%M:%S%z"))
}

long_integers <- function(vector, taken) {
  if (!isNamespaceLoaded("bit64")) return(rep(NA_character_, length(taken)))
  as.character(getNamespace("bit64")$as.character.integer64(vector)[taken])
}

# What stands for an element of a list.
cell <- function(element) {
  if (is.null(element)) return(NULL)
  if (is.data.frame(element)) {
    return(sprintf("<data.frame %d x %d>", .row_names_info(element, 2L), length(unclass(element))))
  }
  if (is.atomic(element) && length(unclass(element)) <= 10L) {
    shown <- shown_elements(element, seq_along(unclass(element)))
    return(if (length(shown) == 1L) shown else I(shown))
  }
  name <- class(element)[[1]]
  if (!is.vector(unclass_list(element))) return(sprintf("<%s>", name))
  sprintf("<%s of length %d>", name, length(unclass_list(element)))
}

# A list or vector without its class, so that its length is its own; whatever else, as it is.
unclass_list <- function(element) {
  if (!is.list(element) && !is.atomic(element)) return(element)
  element <- unclass(element)
  attributes(element) <- NULL
  element
}

cut_text <- function(text) {
  long <- !is.na(text) & nchar(text, "bytes", allowNA = TRUE) > LONGEST_TEXT
  if (any(long)) {
    state$cut <- TRUE
    valid <- iconv(text[long], "UTF-8", "UTF-8", sub = "byte")
    text[long] <- paste0(substr(valid, 1L, LONGEST_TEXT - 1L), "\u2026")
  }
  text
}

# What R's own modelling functions return: a list that knows its call, or a test.
is_model <- function(value) {
  if (!is.list(value) || is.null(attr(value, "class"))) return(FALSE)
  inherits(value, c("htest", "anova")) || is.call(unclass(value)[["call"]])
}

# A model is told by its summary, if it has one that is more than the parts of a list.
model_text <- function(model) {
  is_told <- inherits(model, c("htest", "anova")) || startsWith(class(model)[[1]], "summary")
  shown <- if (is_told) model else summary(model)
  if (inherits(shown, c("summaryDefault", "table"))) shown <- model
  lines <- utils::capture.output(print(shown))
  note_cut(length(lines) > 100L)
  cut_code(paste(utils::head(lines, 100L), collapse = "\n"))
}

language_text <- function(value) {
  attributes(value) <- NULL
  cut_code(paste(deparse(value, 120L, nlines = 20L), collapse = "\n"))
}

cut_code <- function(text) {
  note_cut(nchar(text) > 8192L)
  substr(text, 1L, 8192L)
}
