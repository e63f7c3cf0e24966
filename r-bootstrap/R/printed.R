# Which plots a script made and never printed, read off its code and what it left: nothing of the script's is called.
#
# The code is walked in its order. A value is used where R prints it or hands it to a function; in a loop, before the end
# of a body or in invisible() it is dropped. What became of each name that holds a plot is kept in the walk:
# made: list(name, place, used, gone, from) for each plot assigned or dropped, `from` the plots that went into it;
# makers: what the script's functions return, if it is a plot; latest: the last plot made, which ggsave() saves unless it
# is told of another.

# Returns those plots: a list of list(name, place), `name` NULL for one that had none. `is_plot` says of a name at the top
# level whether it holds a plot now.
unprinted_plots <- function(code, is_plot) {
  walk <- new.env(parent = emptyenv())
  walk$made <- list()
  walk$makers <- list()
  walk$latest <- NULL
  walk$is_plot <- is_plot
  lines <- vapply(attr(code, "srcref"), function(at) at[[7]], 1L)
  top <- list(kind = "top", scope = "", line = 1L)
  words <- c(plot_makers, "ggsave", "last_plot", Filter(is_plot, ls(globalenv(), all.names = TRUE)))
  for (i in seq_along(code)) {
    if (!any(all.names(code[[i]]) %in% words)) next
    if (i <= length(lines)) top$line <- lines[[i]]
    follow(code[[i]], TRUE, top, walk)
    words <- unique(c(words, names(walk$makers), unlist(lapply(walk$made, function(plot) plot$name))))
  }
  use_sources(walk)
  Filter(function(plot) !plot$used && is_reached(plot$place$scope, code), walk$made)
}

# Whether the code of a scope ran: a function is named at its definition, and again where it is called.
is_reached <- function(scope, code) grepl("^(<|$)", scope) || sum(all.names(code) == scope) > 1L

follow <- function(code, used, place, walk) {
  if (is.symbol(code)) return(follow_name(as.character(code), used, place, walk))
  if (!is.call(code)) return(invisible())
  name <- called_name(code)
  if (name %in% names(constructs)) return(constructs[[name]](code, used, place, walk))
  if (name == "ggsave" && is.null(argument(code, "plot", 2L)) || name == "last_plot") use(walk$latest, walk)
  if (!used && makes_plot(code, place, walk)) return(note_made(NULL, code, place, walk))
  maker <- walk$makers[[name]]
  if (used && place$kind == "top" && isTRUE(maker$hidden)) {
    place <- list(scope = "", line = maker$line, kind = "hidden", maker = name, variable = maker$name)
    return(note_made(NULL, code, place, walk))
  }
  applied <- drops_values(code, name, used, place, walk)
  if (applied) {
    if (name == "sapply") place$kind <- "sapply"
    note_made(NULL, code, place, walk)
  }
  for (part in call_parts(code)[-1]) follow(part, !applied, place, walk)
}

follow_name <- function(name, used, place, walk) {
  at <- found_as(name, place, walk)
  if (is.null(at)) return(invisible())
  if (used) use(at, walk) else if (place$kind == "loop") walk$made[[at]]$place$kind <- "loop"
}

# The plot that a name in this scope holds, as its place in walk$made; NULL where it holds none.
found_as <- function(name, place, walk) {
  for (scope in unique(c(place$scope, ""))) {
    at <- which(vapply(walk$made, function(plot) {
      identical(plot$name, name) && plot$place$scope == scope && !plot$gone
    }, TRUE))
    if (length(at)) return(at[[length(at)]])
  }
}

use <- function(at, walk) if (length(at)) walk$made[[at]]$used <- TRUE

note_made <- function(name, code, place, walk) {
  from <- unlist(lapply(unique(all.vars(code)), found_as, place, walk))
  before <- if (!is.null(name)) found_as(name, place, walk)
  if (!is.null(before) && walk$made[[before]]$place$scope == place$scope) {
    walk$made[[before]]$gone <- TRUE
    if (before %in% from) place$line <- walk$made[[before]]$place$line
  }
  is_ggplot <- any(c("ggplot", "qplot") %in% called_in_full(code))
  plot <- list(name = name, place = place, used = FALSE, gone = FALSE, from = from, is_ggplot = is_ggplot)
  walk$made <- c(walk$made, list(plot))
  walk$latest <- length(walk$made)
  invisible()
}

# What went into another plot is printed with it, or is not what must be printed.
use_sources <- function(walk) {
  for (i in rev(seq_along(walk$made))) {
    plot <- walk$made[[i]]
    for (source in plot$from) walk$made[[source]]$used <- TRUE
    is_lost <- !is.null(plot$name) && plot$place$scope == "" && !walk$is_plot(plot$name)
    if (plot$gone && plot$place$kind == "top" || is_lost) walk$made[[i]]$used <- TRUE
  }
}

# How the language's own constructs, and functions that only look at a value, pass it on.
follow_block <- function(code, used, place, walk) {
  lines <- attr(code, "srcref")
  for (i in seq_along(code)[-1]) {
    if (i <= length(lines)) place$line <- lines[[i]][[7]]
    follow(code[[i]], used && i == length(code), place, walk)
  }
}

follow_all <- function(code, used, place, walk) {
  for (part in call_parts(code)[-1]) follow(part, used, place, walk)
}

# Nobody sits at the session: what is done if (interactive()) is not done.
follow_if <- function(code, used, place, walk) {
  follow(code[[2]], TRUE, place, walk)
  branches <- as.list(code)[-(1:2)]
  if (called_name(code[[2]]) == "interactive") branches <- branches[-1]
  for (branch in branches) follow(branch, used, place, walk)
}

# In for (p in plots), p is each of them.
follow_loop <- function(code, used, place, walk) {
  place$kind <- "loop"
  if (called_name(code) == "for") {
    if (makes_plot(code[[3]], place, walk)) note_made(as.character(code[[2]]), code[[3]], place, walk)
    else follow(code[[3]], TRUE, place, walk)
  }
  follow(code[[length(code)]], FALSE, place, walk)
}

follow_assignment <- function(code, used, place, walk) {
  if (length(code) < 3L) return(invisible())
  target <- code[[2]]
  while (is.call(target) && length(target) > 1L) target <- target[[2]]
  name <- as.character(target)[[1]]
  value <- code[[3]]
  if (is.call(value) && identical(value[[1]], quote(`function`))) {
    return(follow_function(value, used, place, walk, name))
  }
  if (makes_plot(value, place, walk) || place$scope == "" && walk$is_plot(name)) {
    for (inner in calls_of(value, "function")) follow_function(inner, TRUE, place, walk)
    return(note_made(name, value, place, walk))
  }
  follow(value, TRUE, place, walk)
}

follow_function <- function(code, used, place, walk, name = "") {
  place$scope <- if (nzchar(name)) name else paste0("<", place$line, ">")
  place$kind <- "function"
  body <- code[[3]]
  follow(body, TRUE, place, walk)
  last <- last_value(body)
  hidden <- is.call(last) && called_name(last) %in% c("invisible", "<-", "=", "<<-")
  returned <- if (hidden) last[[length(last)]] else last
  if (makes_plot(returned, place, walk)) {
    variable <- if (hidden && called_name(last) != "invisible") last[[2]] else returned
    at <- if (is.symbol(variable)) found_as(as.character(variable), place, walk)
    if (hidden) for (name_in in all.vars(last)) use(found_as(name_in, place, walk), walk)
    line <- if (length(at)) walk$made[[at]]$place$line else last_line(body, place$line)
    if (nzchar(name)) {
      walk$makers[[name]] <- list(hidden = hidden, line = line, name = if (length(at)) walk$made[[at]]$name)
    }
  }
}

last_line <- function(body, line) {
  lines <- if (called_name(body) == "{") attr(body, "srcref")
  if (length(lines)) lines[[length(lines)]][[7]] else line
}

# The last expression of a body, within its braces and return().
last_value <- function(body) {
  while (is.call(body) && called_name(body) %in% c("{", "return", "(") && length(body) > 1L) body <- body[[length(body)]]
  body
}

follow_dropped <- function(code, used, place, walk) {
  if (length(code) < 2L) return(invisible())
  if (place$kind == "function") return(follow(code[[2]], TRUE, place, walk))
  follow(code[[2]], FALSE, place, walk)
}

follow_local <- function(code, used, place, walk) {
  place$scope <- paste0("<", place$line, ">")
  place$kind <- "function"
  follow_all(code, used, place, walk)
}

look_only <- function(code, used, place, walk) invisible()

constructs <- local({
  found <- list(`{` = follow_block, `if` = follow_if, `function` = follow_function, invisible = follow_dropped, local = follow_local)
  found[c("for", "while", "repeat")] <- list(follow_loop)
  found[c("<-", "=", "<<-")] <- list(follow_assignment)
  found[c("(", "[[", "$", "[", "suppressWarnings", "suppressMessages", "identity", "try", "tryCatch", "withCallingHandlers")] <-
    list(follow_all)
  found[c(
    "class", "str", "names", "length", "inherits", "is.null", "cat", "paste", "paste0", "rm", "seq_along", "seq_len", "exists", "identical",
    "stopifnot", "typeof", "object.size", "message", "nrow", "is.ggplot", "is_ggplot", "is.list", "is.function", "nchar",
    "set.seed", "library", "require"
  )] <- list(look_only)
  found
})

# Whether an expression comes to a plot, as far as its code tells.
makes_plot <- function(code, place, walk) {
  if (is.symbol(code)) return(!is.null(found_as(as.character(code), place, walk)))
  if (!is.call(code)) return(FALSE)
  name <- called_name(code)
  if (name %in% plot_makers || !is.null(walk$makers[[name]])) return(TRUE)
  if (name %in% c("+", "|", "/", "&", "-", "*", "%+%") && length(code) == 3L) {
    return(makes_plot(code[[2]], place, walk) || makes_plot(code[[3]], place, walk))
  }
  if (name == "%>%" && length(code) == 3L) {
    return(makes_plot(code[[3]], place, walk) || (
      called_name(code[[3]]) %in% plot_modifiers && makes_plot(code[[2]], place, walk)))
  }
  if (name %in% c("suppressWarnings", "suppressMessages", "(", "invisible", plot_modifiers) && length(code) > 1L) {
    return(makes_plot(code[[2]], place, walk))
  }
  if (name == "list" && length(code) > 1L) {
    return(all(vapply(call_parts(code)[-1], makes_plot, TRUE, place, walk)))
  }
  name %in% c("lapply", "map", "Map", "imap", "map2", "pmap", "sapply") && any(applies_maker(code, place, walk))
}

# walk(x, f), and a dropped lapply(x, f), with an f that returns plots; sapply() makes a matrix of their parts.
drops_values <- function(code, name, used, place, walk) {
  drops <- name %in% c("walk", "iwalk", "walk2", "pwalk", "group_walk", "sapply") ||
    !used && name %in% c("lapply", "map", "Map")
  drops && any(applies_maker(code, place, walk))
}

applies_maker <- function(code, place, walk) {
  vapply(call_parts(code)[-1], function(part) {
    if (is.symbol(part)) return(isFALSE(walk$makers[[as.character(part)]]$hidden))
    if (!is.call(part) || !called_name(part) %in% c("function", "~")) return(FALSE)
    makes_plot(last_value(part[[length(part) - (called_name(part) == "function")]]), place, walk) ||
      ends_with_plot(part)
  }, TRUE)
}

# function(x) { p <- ggplot(...); p }
ends_with_plot <- function(f) {
  if (called_name(f) != "function") return(FALSE)
  last <- last_value(f[[3]])
  is.symbol(last) && any(vapply(values_of(as.character(last), f[[3]]), function(value) {
    any(called_in_full(value) %in% plot_makers)
  }, TRUE))
}

plot_makers <- c(
  "ggplot", "qplot", "quickplot", "autoplot", "wrap_plots", "wrap_elements", "plot_ly", "ggplotly", "plot_geo", "subplot",
  "plot_mapbox", "leaflet", "datatable", "dygraph", "visNetwork", "highchart", "hchart", "e_charts", "girafe",
  "sankeyNetwork", "forceNetwork", "xyplot", "bwplot", "barchart", "densityplot", "stripplot", "levelplot", "contourplot",
  "wireframe", "cloud", "splom", "parallelplot", "qqmath", "plot_grid", "ggarrange", "ggpairs", "ggcorrplot", "ggsurvplot"
)

# What plotly and its kin call on a plot to change it.
plot_modifiers <- c(
  "layout", "add_trace", "add_lines", "add_markers", "add_bars", "add_text", "add_annotations", "add_ribbons", "config",
  "style", "hide_legend", "colorbar", "rangeslider", "partial_bundle", "toWebGL", "addTiles", "addMarkers",
  "addCircleMarkers", "addPolygons", "setView", "dyOptions", "dyRangeSelector", "update", "plot_annotation", "plot_layout"
)
