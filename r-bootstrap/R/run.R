# Turn a request into the run that C_evaluate takes.
#
# `request` is a list: code (raw), format, width and height (px), dpi, seed (integer or NULL),
# transcript (logical), file_bytes. Whatever the script may replace later is captured here.
prepare_run <- function(request, scratch) {
  options(warn = 1, width = 80, keep.source = TRUE)
  lines <- code_lines(request$code)
  parsed <- if (any(request$code == 0)) list(error = nul_error(request$code, lines))
  else parse_lines(lines, request$transcript)
  state$source <- parsed$source
  state$script <- parsed$expressions
  charts <- file.path(scratch, "charts")
  state$charts <- charts
  state$file_bytes <- request$file_bytes
  state$began <- Sys.time()
  use_chart_device(request, charts, lines)
  if (!is.null(request$seed)) {
    set.seed(request$seed, "Mersenne-Twister", "Inversion", "Rejection")
  }
  list(
    expressions = parsed$expressions,
    references = parsed$references,
    lines = parsed$lines,
    sources = parsed$sources,
    parse_error = parsed$error,
    charts = charts,
    functions = run_functions
  )
}

# What C calls by these names: see src/harness.
run_functions <- list(
  block = base::`{`,
  evaluate = base::withVisible,
  message = base::conditionMessage,
  deparse = function(call) {
    paste(deparse(call, 200L, nlines = 2L), collapse = " ")
  },
  handle = function() {
    globalCallingHandlers(
      warning = function(cnd) {
        .Call(C_note_condition, cnd)
        # R would keep it for its own loop, which is not what runs here.
        if (identical(as.integer(getOption("warn")), 0L)) tryInvokeRestart("muffleWarning")
      },
      message = function(cnd) .Call(C_note_condition, cnd),
      error = function(cnd) .Call(C_note_error, cnd)
    )
  },
  show_warnings = function() {
    cat(utils::capture.output(print(warnings())), file = stderr(), sep = "\n")
  },
  ending = function() options(error = NULL),
  handled_error = function() handled_error(),
  origin = function(condition) error_origin(condition),
  handlers = function() globalCallingHandlers(),
  hints = function(condition, printed, warned, expression) error_hints(condition, printed, warned, expression),
  advice = function(warning) warning_advice(warning),
  value = function(value, rows) describe_value(value, rows),
  after = function(drawn) run_advice(drawn),
  plot = function(plot) describe_chart(plot[[1]], plot[[2]]),
  new_page = function() is_page_asked_for(),
  drawing = function() drawing_frame(),
  drawn = function(frame) drawn_plot(frame),
  font = function(family) missing_family(family),
  fallback = function(path) state$open_png(path)
)
