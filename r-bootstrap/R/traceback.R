#' Tell how the script came to an error, from the handler that takes it.
#'
#' A frame is the script's where it calls one of its functions, or where the call stands in a text of its
#' own, in one of them or at the top level. What the script's functions knew by name is kept for the hints.
#'
#' @param condition The error.
#' @return list(frames, message, own, signalled): a list of at most 50 list(call, line), innermost last, `line` NULL
#'   outside the script and the first call an ellipsis where there are more; the message where R's is not all of
#'   it, else NULL; whether the script itself worded it; whether it was only signalled.
error_origin <- function(condition) {
  calls <- sys.calls()
  parents <- sys.parents()
  last <- length(calls) - 1L # this function's own frame
  while (last > 0 && is_handler_frame(calls[[last]])) last <- last - 1L
  last <- before_warning(calls, last)
  examined <- seq_len(last)[seq_len(last) > last - 300L]
  own <- vapply(examined, function(k) is_script_function(sys.function(k)), TRUE)
  from_script <- vapply(examined, function(k) {
    parents[[k]] == 0L || isTRUE(own[match(parents[[k]], examined)])
  }, TRUE)
  remember_names(lapply(examined[own], sys.frame))
  written <- vapply(examined, function(k) !is.null(attr(calls[[k]], "srcref")), TRUE)
  shown <- examined[own | (from_script & written)]
  frames <- lapply(utils::tail(shown, FRAMES_SHOWN + 1L), function(k) frame(calls[[k]]))
  call <- if (is.list(condition)) condition$call
  raiser <- if (length(shown)) shown[[length(shown)]] else 0L
  list(
    frames = most_frames(with_builtin(frames, call, calls[seq_along(calls) > last])),
    message = if (last > 0) whole_message(condition, sys.function(last), sys.frame(last)),
    own = raiser > 0 && words_errors(sys.function(raiser), sys.frame(raiser)),
    signalled = last > 0 && is_plain(condition) && identical(sys.function(last), base::signalCondition)
  )
}

# The innermost of many frames.
most_frames <- function(frames) {
  if (length(frames) <= FRAMES_SHOWN) return(frames)
  c(list(list(call = "\u2026", line = NULL)), utils::tail(frames, FRAMES_SHOWN - 1L))
}

FRAMES_SHOWN <- 50L

# The frames between the script and error_origin(): R's own, and our handler.
is_handler_frame <- function(call) {
  head <- call[[1]]
  is.function(head) || identical(head, quote(.handleSimpleError)) || identical(head, quote(h))
}

# The last frame before those in which R makes an error of a warning; `last` where it does not.
before_warning <- function(calls, last) {
  heads <- vapply(calls[seq_len(last)], function(call) {
    if (is.symbol(call[[1]])) as.character(call[[1]]) else ""
  }, "")
  k <- last
  while (k > 0 && heads[[k]] %in% c("withRestarts", "withOneRestart", "doWithOneRestart")) k <- k - 1L
  if (k > 0 && heads[[k]] == ".signalSimpleWarning") k - 1L else last
}

# Packages signal the conditions of their own classes first, and then stop.
is_plain <- function(condition) identical(class(condition), c("simpleError", "error", "condition"))

# Whether a frame is one of stop() or its kin that was given a text; a condition may be R's, raised again.
words_errors <- function(f, frame) {
  if (identical(f, base::stop)) return(!exists("cond", frame, inherits = FALSE))
  isNamespaceLoaded("rlang") && identical(f, getExportedValue("rlang", "abort"))
}

# R cuts an unfinished character off the end of what stop() was given; NULL where it cut nothing.
whole_message <- function(condition, f, frame) {
  if (!identical(f, base::stop) || !words_errors(f, frame)) return(NULL)
  whole <- eval(quote(.makeMessage(..., domain = domain)), frame)
  known <- charToRaw(condition$message)
  bytes <- charToRaw(whole)
  cut <- length(bytes) - length(known)
  if (cut %in% 1:3 && identical(bytes[seq_along(known)], known)) whole
}

is_script_function <- function(f) {
  is.function(f) && !is.primitive(f) && identical(topenv(environment(f)), globalenv())
}

frame <- function(call) {
  list(call = call_text(call), line = script_line(attr(call, "srcref")))
}

# Where in the script a srcref lies; NULL where it is none of the script's.
script_line <- function(reference) {
  if (is.null(reference) || !identical(attr(reference, "srcfile"), state$source)) return(NULL)
  reference[[7]]
}

# A builtin that failed has no frame: where it stood is known from the frame of R's handler.
with_builtin <- function(frames, call, handlers) {
  if (!is.call(call) || !length(handlers)) return(frames)
  text <- call_text(call)
  known <- length(frames) && identical(frames[[length(frames)]]$call, text)
  line <- script_line(attr(handlers[[1]], "srcref"))
  if (known || is.null(line) || !is.primitive(called_function(call))) return(frames)
  c(frames, list(list(call = text, line = line)))
}

called_function <- function(call) {
  if (is.symbol(call[[1]])) get0(as.character(call[[1]]), baseenv(), mode = "function")
}

call_text <- function(call) {
  attributes(call) <- NULL
  text <- paste(deparse(call, 120L, nlines = 2L), collapse = " ")
  if (nchar(text, "bytes") > 200L) paste0(substr(text, 1L, 197L), "...") else text
}

remember_names <- function(frames) {
  names <- lapply(utils::tail(frames, 20L), ls)
  state$local_names <- utils::head(unique(unlist(names)), 200L)
}

# The error that a handler of the script's has in hand right now: the argument of the frame in which R called it.
# NULL where there is none. No other frame is looked into, because that could run what it has not evaluated yet.
handled_error <- function() {
  for (k in rev(seq_len(sys.nframe() - 1L))) {
    head <- sys.call(k)[[1]]
    called_by_r <- is.function(head) || identical(head, quote(value[[3L]])) || identical(head, quote(h))
    f <- sys.function(k)
    if (!called_by_r || is.primitive(f) || !length(formals(f)) || names(formals(f))[[1]] == "...") next
    value <- get0(names(formals(f))[[1]], sys.frame(k), inherits = FALSE)
    if (inherits(value, "error") && inherits(value, "condition")) return(value)
  }
  NULL
}
