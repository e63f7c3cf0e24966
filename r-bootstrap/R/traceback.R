#' List the script's own frames below an error, from the handler that takes it.
#'
#' A frame is the script's where it calls one of its functions, or where the call stands in its text, in
#' one of them or at the top level. What the script's functions knew by name is kept for the hints.
#'
#' @param call The condition's call: builtins have no frame, and so only this names them.
#' @return List of at most 50 list(call, line), innermost last; `line` is NULL outside the script. Where there
#'   are more, the first one's call is an ellipsis.
script_frames <- function(call = NULL) {
  calls <- sys.calls()
  parents <- sys.parents()
  last <- length(calls) - 1L # this function's own frame
  while (last > 0 && is_handler_frame(calls[[last]])) last <- last - 1L
  examined <- seq_len(last)[seq_len(last) > last - 300L]
  own <- vapply(examined, function(k) is_script_function(sys.function(k)), TRUE)
  from_script <- vapply(examined, function(k) {
    parents[[k]] == 0L || isTRUE(own[match(parents[[k]], examined)])
  }, TRUE)
  remember_names(lapply(examined[own], sys.frame))
  written <- vapply(examined, function(k) !is.null(script_line(attr(calls[[k]], "srcref"))), TRUE)
  shown <- examined[own | (from_script & written)]
  frames <- lapply(utils::tail(shown, FRAMES_SHOWN + 1L), function(k) frame(calls[[k]]))
  frames <- with_builtin(frames, call, calls[seq_along(calls) > last])
  if (length(frames) <= FRAMES_SHOWN) return(frames)
  c(list(list(call = "\u2026", line = NULL)), utils::tail(frames, FRAMES_SHOWN - 1L))
}

FRAMES_SHOWN <- 50L

# The frames between the script and script_frames(): R's own, and our handler.
is_handler_frame <- function(call) {
  head <- call[[1]]
  is.function(head) || identical(head, quote(.handleSimpleError)) || identical(head, quote(h))
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
