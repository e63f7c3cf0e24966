#' Say why a run that completed may not show what was wanted.
#'
#' Called when the outcome has been sent. Reads code, files and fields; calls no method that the script may have made.
#'
#' @param drawn What drawn_plots() kept: list(name, list(plot, built)) for each ggplot among the charts.
#' @return Character vector of sentences, at most five.
run_advice <- function(drawn) {
  words <- unique(all.names(state$script))
  mentions <- function(names) any(names %in% words)
  advice <- c(
    quietly(layer_advice()),
    if (mentions(names(text_readers))) quietly(misread_files(state$script, 32768)),
    if (may_drop_plots(words, drawn)) quietly(unprinted_advice(drawn)),
    if (mentions("source")) quietly(source_advice()),
    if (mentions(picture_makers)) quietly(picture_advice()),
    if (mentions(c("tempdir", "tempfile"))) quietly(lost_advice()),
    if (mentions(asking_functions)) quietly(unanswered_hint())
  )
  utils::head(unique(advice), 5L)
}

### Plots that were never printed

plot_classes <- c("ggplot", "trellis", "htmlwidget", "ggmatrix", "gganim", "ggsurvplot", "gt_tbl", "flextable")

# Only if something is repeated, wrapped or kept can a plot go unprinted: most scripts are read no further.
may_drop_plots <- function(words, drawn) {
  wrappers <- c("for", "while", "repeat", "function", "invisible", "walk", "local", "sapply", "group_walk")
  if (any(wrappers %in% words) && any(plot_makers %in% words)) return(TRUE)
  undrawn <- Filter(function(name) is_undrawn(name, drawn), utils::head(ls(globalenv(), all.names = TRUE), 500L))
  !all(vapply(undrawn, is_shown_last, TRUE))
}

# Whether the last expression that names a plot hands it on, as p + theme_bw() and ggsave("p.png", p) do.
is_shown_last <- function(name) {
  for (expression in rev(as.list(state$script))) {
    if (name %in% all.names(expression)) return(!called_name(expression) %in% names(constructs))
  }
  FALSE
}

# Whether a global variable holds a plot, or plots, and it is none of the drawn.
is_undrawn <- function(name, drawn) {
  value <- global_value(name)
  if (!is_plot(value) && !holds_plots(value)) return(FALSE)
  !any(vapply(drawn, function(chart) identical(chart[[2]]$plot, value), TRUE))
}

# Whether a value is a list of plots alone.
holds_plots <- function(value) {
  is.list(value) && is.null(attr(value, "class")) && length(value) > 0L && all(vapply(utils::head(value, 20L), is_plot, TRUE))
}

is_plot <- function(value) any(plot_classes %in% attr(value, "class"))

# The value of a global variable; NULL for one whose reading would run code.
global_value <- function(name) {
  if (!exists(name, globalenv(), inherits = FALSE) || bindingIsActive(as.name(name), globalenv())) return(NULL)
  get0(name, globalenv(), inherits = FALSE)
}

unprinted_advice <- function(drawn) {
  plots <- unprinted_plots(state$script, function(name) is_undrawn(name, drawn))
  # A branch that was not taken made none; of other packages' plots only the code tells.
  if (isNamespaceLoaded("ggplot2") && is.null(last_ggplot())) plots <- Filter(function(plot) !plot$is_ggplot, plots)
  plots <- c(plots, assigned_plots(drawn))
  utils::head(unique(vapply(plots, unprinted_sentence, "", only = length(plots) == 1L)), 4L)
}

# Plots under names that the code does not spell out: assign(paste0("p", i), ...).
assigned_plots <- function(drawn) {
  words <- all.names(state$script)
  if (!"assign" %in% words || any(c("get", "mget", "get0", "eval", "ls", "eapply", "list2env") %in% words)) return(NULL)
  names <- Filter(function(name) is_undrawn(name, drawn), setdiff(ls(globalenv()), words))
  line <- grep("\\bassign\\s*\\(", state$source$lines)
  lapply(names, function(name) list(name = name, place = list(kind = "loop", scope = "", line = c(line, 1L)[[1]])))
}

last_ggplot <- function() {
  if (isNamespaceLoaded("ggplot2")) getExportedValue("ggplot2", "last_plot")()
}

unprinted_sentence <- function(plot, only) {
  place <- plot$place
  name <- if (is.null(plot$name)) place$variable else plot$name
  printed <- paste0("`print(", if (is.null(name)) "..." else name, ")`")
  is_list <- place$scope == "" && !is.null(plot$name) && holds_plots(global_value(plot$name))
  what <- if (is.null(name)) "The plot made in line %d" else if (is_list) "The list of plots in `%s` (line %d)" else "The plot in `%s` (line %d)"
  what <- if (is.null(name)) sprintf(what, place$line) else sprintf(what, name, place$line)
  kind <- if (is_list) "list" else place$kind
  paste0(what, " was never printed. ", switch(kind,
    list = paste0("End the script with `", name, "`."),
    sapply = "sapply() takes plots apart: use lapply().",
    loop = paste0("A loop prints nothing by itself: write ", printed, " inside it."),
    hidden = paste0("`", place$maker, "()` returns it invisibly: write `print(", place$maker, "(...))`."),
    `function` = paste0(
      "Let ", if (startsWith(place$scope, "<")) "the function" else paste0("`", place$scope, "()`"),
      " return it as its last value and print that, or write ", printed, " in it."
    ),
    if (is.null(name)) "Wrap it in `print()`."
    else if (only) paste0("End the script with `", name, "`.")
    else paste0("Write ", printed, ".")
  ))
}

### Layers that drew nothing

# Notes a warning by which a layer, or a part of one, says that it is left out.
note_silent_layer <- function(text) {
  if (grepl("Computation failed in|Ignoring unknown (parameters|aesthetics)", text) && length(state$silent) < 20L) {
    state$silent <- unique(c(state$silent, text))
  }
}

layer_advice <- function() {
  unlist(lapply(state$silent, function(text) {
    if (startsWith(text, "Ignoring")) return(unlist(lapply(captures("`([^`]+)`", text), newer_hint)))
    layer <- layer_named(captures("Computation failed in `([a-z_0-9]+)\\(\\)`", text))
    missing <- packages_told_of(text)
    if (!length(missing)) {
      reason <- sub("^! *", "", utils::tail(strsplit(text, "\n")[[1]], 1L))
      return(paste0(layer, " drew nothing: ", reason, if (!grepl("[.!]$", reason)) "."))
    }
    paste0(
      layer, " drew nothing, because package '", missing[[1]], "' is not installed. Use ",
      layer_substitute(layer, missing[[1]]), "."
    )
  }))
}

# `geom_hex()` (line 3), by the stat that failed.
layer_named <- function(stat) {
  names <- c(stat, sub("^stat_", "geom_", stat), stat_layers[[stat[[1]]]])
  for (name in rev(names)) {
    line <- grep(paste0("\\b", name, "\\s*\\("), state$source$lines)
    if (length(line)) return(paste0("`", name, "()` (line ", line[[1]], ")"))
  }
  paste0("A layer (`", stat[[1]], "()`)")
}

stat_layers <- list(
  stat_binhex = "geom_hex", stat_bin_hex = "geom_hex", stat_quantile = "geom_quantile", stat_summary = "stat_summary",
  stat_bin2d = "geom_bin2d", stat_ydensity = "geom_violin", stat_sf = "geom_sf"
)

layer_substitute <- function(layer, package) {
  if (grepl("geom_quantile", layer)) return("geom_smooth(method = \"lm\")")
  substitute <- substitute_for(package)
  if (is.null(substitute)) "another layer" else substitute
}

### Output of sourced files

source_advice <- function() {
  for (call in calls_of(state$script, "source")) {
    prints <- Filter(Negate(is.null), list(argument(call, "echo", NA), argument(call, "print.eval", NA)))
    if (length(prints) && !all(vapply(prints, isFALSE, TRUE))) next
    for (path in files_named(call, state$script)) {
      line <- first_output(path)
      if (is.null(line)) next
      written <- deparse(path)
      return(paste0(
        "What line ", line, " of '", path, "' shows went nowhere, because source() prints no values. Write `source(", written,
        ", print.eval = TRUE)` or `echo = TRUE`, or use print() in the file."
      ))
    }
  }
}

# The line of a file's first expression whose value a person would want to see; NULL where there is none.
first_output <- function(path) {
  if (file.size(path) > 1e6) return(NULL)
  code <- tryCatch(parse(path, keep.source = TRUE, encoding = "UTF-8"), error = function(error) NULL)
  for (i in seq_along(code)) {
    called <- called_name(code[[i]])
    shows <- is.symbol(code[[i]]) || called %in% c(plot_makers, value_functions) ||
      called %in% c("+", "|", "/", "%>%") && any(called_in_full(code[[i]]) %in% c(plot_makers, value_functions)) ||
      called == "+" && is.symbol(code[[i]][[2]])
    if (shows) return(attr(code, "srcref")[[i]][[7]])
  }
}

value_functions <- c(
  "head", "tail", "summary", "table", "nrow", "ncol", "dim", "names", "mean", "median", "sum", "quantile", "cor", "t.test",
  "aggregate", "tapply", "count", "summarise", "summarize", "glimpse", "coef", "round", "paste", "c"
)

### Pictures

picture_openers <- c(
  "png", "jpeg", "tiff", "bmp", "svg", "pdf", "cairo_pdf", "svglite", "agg_png", "agg_jpeg", "agg_tiff", "CairoPNG", "CairoPDF"
)
picture_makers <- c(
  picture_openers, "ggsave", "save_plot", "plot_grid", "saveWidget", "save_image", "image_write", "anim_save"
)

picture_advice <- function() {
  empty <- empty_pictures()
  if (length(empty)) {
    return(paste0(
      "Nothing was drawn in ", ticked(empty), ". Print the plot before the file is saved, or before dev.off(); ",
      "or leave the file out, because each plot that is printed becomes a chart."
    ))
  }
  saved <- saved_pictures()
  if (length(saved) && !length(list.files(state$charts, "^chart-"))) {
    many <- length(saved) > 1L
    paste0(
      "No chart was drawn: only the file", if (many) "s ", if (!many) " ", ticked(saved), if (many) " were" else " was",
      " saved. Print a plot to have it among the charts."
    )
  }
}

ticked <- function(names) {
  more <- length(names) - 3L
  paste0(paste0("`", utils::head(names, 3L), "`", collapse = ", "), if (more > 0L) paste(" and", more, "more"))
}

saved_pictures <- function() {
  files <- list.files(".", "\\.(png|jpe?g|svg|pdf|gif|webp|tiff?|bmp)$", ignore.case = TRUE)
  files[file.mtime(files) >= state$began]
}

# Files that the script opened or saved, and drew nothing in.
empty_pictures <- function() {
  opened <- unlist(lapply(calls_of(state$script, picture_openers), function(call) {
    name <- argument(call, if (called_name(call) %in% c("pdf", "svglite")) "file" else "filename", 1L)
    if (is.character(name)) name
  }))
  opened <- unique(opened[!grepl("%", opened) & grepl("\\.[a-z]+$", opened)])
  saved <- if (is.null(last_ggplot())) unlist(lapply(calls_of(state$script, "ggsave"), function(call) {
    name <- argument(call, "filename", 1L)
    if (is.null(argument(call, "plot", 2L)) && is.character(name)) name
  }))
  c(Filter(is_empty_picture, opened), Filter(file.exists, saved))
}

# A device that no page was begun on leaves no file, or one without a page.
is_empty_picture <- function(path) {
  if (!file.exists(path)) return(TRUE)
  if (file.size(path) > 4096) return(FALSE)
  text <- rawToChar(Filter(function(byte) byte != 0, readBin(path, "raw", 4096)))
  if (grepl("\\.pdf$", path)) return(grepl("/Count 0\\b", text, useBytes = TRUE) || !nzchar(text))
  if (grepl("\\.svg$", path)) return(!grepl("<(path|rect|text|circle|line|poly|use|image)", text, useBytes = TRUE))
  !nzchar(text)
}

### Files that are not kept

lost_advice <- function() {
  files <- list.files(tempdir(), "\\.(png|jpe?g|svg|pdf|gif|html|csv|xlsx|tiff?)$", ignore.case = TRUE)
  if (!length(files) || length(list.files(state$charts, "^chart-")) || length(saved_pictures())) return(NULL)
  paste0(
    ticked(files), if (length(files) > 1L) " are" else " is", " in tempdir(), which is not kept. Write to the working directory: ",
    "a name without a folder."
  )
}
