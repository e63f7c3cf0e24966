#' Describe what a ggplot chart shows, from the fields of the plot and of what was built from it.
#'
#' Nothing is built or trained again, and no method of a scale is called: it may be the script's own.
#'
#' @param name The chart's file.
#' @param drawn list(plot, built), as drawn_plot() found them; `built` may be NULL.
#' @return list(name, alt, description) of at most 16 KB; NULL where there is nothing to say.
describe_chart <- function(name, drawn) {
  plot <- drawn$plot
  if (inherits(plot, "ggmatrix")) return(describe_matrix(name, plot))
  composed <- inherits(plot, "patchwork")
  description <- if (composed) describe_composition(plot) else describe_plot(plot, drawn$built)
  alt <- if (composed) composition_alt(description) else plot_alt(plot, description)
  description <- told(description)
  if (is.na(json(description)) || nchar(json(description), "bytes") > 16384L) {
    description <- description[c("title", "subtitle", "caption", "labels")]
  }
  list(name = name, alt = short(alt, 1000L), description = description)
}

# Newer versions of GGally keep in attributes what older ones kept in a list.
describe_matrix <- function(name, plot) {
  part <- function(key) if (is.list(plot)) unclass(plot)[[key]] else attr(plot, key)
  description <- list(title = text_of(part("title")), labels = structure(list(), names = character()), layers = list())
  size <- c(as.integer(part("nrow")), as.integer(part("ncol")))
  names <- unique(as.character(c(part("yAxisLabels"), part("xAxisLabels"))))
  list(name = name, alt = short(matrix_alt(description, size, names), 1000L), description = description)
}

# Without what only the alt text is made of.
told <- function(description) {
  description$plots <- if (!is.null(description$plots)) lapply(description$plots, told)
  description$layers <- lapply(description$layers, function(layer) layer[names(layer) != "marks"])
  description[!names(description) %in% c("unsaid", "coord_details")]
}

describe_plot <- function(plot, built = NULL) {
  labels <- plot_labels(plot, built)
  list(
    title = labels$title,
    subtitle = labels$subtitle,
    caption = labels$caption,
    labels = axis_labels(labels, plot),
    layers = describe_layers(plot, built),
    scales = describe_scales(built),
    facets = describe_facets(plot),
    coord = class_word(plot$coordinates, "Coord"),
    unsaid = unsaid_labels(labels, plot),
    coord_details = coord_details(plot, built)
  )
}

# How a round coordinate system bends its axes: the one that is the angle; whether the other has one place only, as a pie
# has; and whether that is away from the centre.
coord_details <- function(plot, built) {
  type <- class_word(plot$coordinates, "Coord")
  if (!isTRUE(type %in% c("polar", "radial"))) return(NULL)
  theta <- text_of(field(plot$coordinates, "theta"))
  layers <- if (is.null(built)) list() else built$data
  places <- unlist(lapply(layers, function(data) unclass(data)[["x"]]))
  ends <- unlist(lapply(layers, function(data) unclass(data)[["xmin"]]))
  scale <- if (!is.null(built)) field(built$layout, "panel_scales_x")[1][[1]]
  limits <- if (is.environment(scale)) scale_limits(scale)
  list(
    type = type, theta = theta, single = length(unique(as.numeric(places))) <= 1L,
    hole = is.numeric(limits) && length(ends) > 0L && is.numeric(ends) && min(limits, na.rm = TRUE) < min(ends, na.rm = TRUE) - 0.2
  )
}

# The labels that name no variable: those of aesthetics that are constants, and those that a stat or ggplot2 made up. A
# count is one that a reader wants to hear of.
unsaid_labels <- function(labels, plot) {
  Filter(function(aesthetic) {
    label <- labels[[aesthetic]]
    mapped <- mappings_of(aesthetic, plot)
    computed <- unlist(lapply(plot$layers, function(layer) computed_name(field(field(layer, "stat"), "default_aes")[[aesthetic]])))
    if (!length(mapped)) return(label == aesthetic || label %in% setdiff(computed, "count"))
    if (all(vapply(mapped, is_constant, TRUE))) return(label == aesthetic || label %in% unlist(lapply(mapped, as.character)))
    named <- unlist(lapply(mapped, computed_name))
    length(named) == length(mapped) && label %in% setdiff(c(named, paste0("after_stat(", named, ")")), "count")
  }, names(labels))
}

# The expressions that an aesthetic is mapped to.
mappings_of <- function(aesthetic, plot) {
  mappings <- c(list(plot$mapping), lapply(plot$layers, field, "mapping"))
  found <- lapply(mappings, function(mapping) if (aesthetic %in% names(mapping)) plain_expression(unclass(mapping)[[aesthetic]]))
  Filter(Negate(is.null), found)
}

plain_expression <- function(quosure) if (inherits(quosure, "formula")) unclass(quosure)[[2]] else quosure

is_constant <- function(expression) is.atomic(expression)

# "density" of after_stat(density), stat(density) and ..density..; NULL of anything else.
computed_name <- function(expression) {
  expression <- plain_expression(expression)
  if (is.symbol(expression)) {
    name <- as.character(expression)
    return(if (grepl("^\\.\\.[A-Za-z0-9_]+\\.\\.$", name)) gsub("\\.\\.", "", name))
  }
  inner <- if (is.call(expression) && called_name(expression) %in% c("after_stat", "stat") && length(expression) == 2L) expression[[2]]
  if (is.symbol(inner)) as.character(inner)
}

describe_composition <- function(plot) {
  parts <- utils::head(Filter(function(part) length(part$layers) > 0L, composed_plots(plot)), 12L)
  list(
    title = text_of(plot$patches$annotation$title),
    subtitle = text_of(plot$patches$annotation$subtitle),
    caption = text_of(plot$patches$annotation$caption),
    plots = lapply(parts, describe_plot)
  )
}

# The plots of a composition, those of compositions within it among them, in the order in which they were added.
composed_plots <- function(plot, depth = 10L) {
  if (!inherits(plot, "patchwork") || depth == 0L) return(list(plot))
  last <- structure(plot, class = setdiff(class(plot), "patchwork"))
  parts <- lapply(plot$patches$plots, composed_plots, depth = depth - 1L)
  c(unlist(parts, recursive = FALSE), list(last))
}

# ggplot2 labels the weights of a stat even where nothing is weighted.
axis_labels <- function(labels, plot) {
  mappings <- c(list(plot$mapping), lapply(plot$layers, field, "mapping"))
  mapped <- unlist(lapply(mappings, names))
  unused <- setdiff(c("weight", "group"), mapped)
  labels[setdiff(names(labels), c("title", "subtitle", "caption", "alt", "tag", "dictionary", unused))]
}

# The labels that are text; those that were built are complete. A guide's title goes before a scale's name, and that
# before what the plot was told.
plot_labels <- function(plot, built) {
  if (!is.null(built)) plot <- built$plot
  given <- utils::head(unclass(plot$labels), 20L)
  labels <- c(lapply(given, text_of), default_labels(plot, names(given)))
  for (scale in utils::head(field(plot$scales, "scales"), 20L)) {
    for (aesthetic in intersect(field(scale, "aesthetics"), names(labels))) {
      labels[aesthetic] <- list(scale_title(scale, guides_of(plot)[[aesthetic]], labels[[aesthetic]]))
    }
  }
  Filter(Negate(is.null), labels)
}

# The labels that newer versions of ggplot2 make only when they build a plot: what an aesthetic is mapped to.
default_labels <- function(plot, given) {
  mappings <- c(list(plot$mapping), lapply(plot$layers, field, "mapping"))
  aesthetics <- setdiff(unlist(lapply(mappings, names)), c(given, ""))
  labels <- lapply(utils::head(aesthetics, 20L), function(aesthetic) {
    mapped <- mappings_of(aesthetic, plot)[[1]]
    computed <- computed_name(mapped)
    if (is.null(computed)) text_of(if (is.symbol(mapped)) as.character(mapped) else mapped) else computed
  })
  structure(labels, names = utils::head(aesthetics, 20L))
}

scale_title <- function(scale, guide, label) {
  titles <- c(guide_title(guide), guide_title(field(scale, "guide")), list(field(scale, "name")))
  given <- Filter(function(title) !inherits(title, "waiver"), titles)
  if (length(given) && !is.function(given[[1]])) text_of(given[[1]]) else label
}

# A guide's title in a list, for it may be NULL; NULL where the guide has none of its own.
guide_title <- function(guide) {
  if (is.environment(guide)) guide <- field(guide, "params")
  if (is.list(guide) && "title" %in% names(guide)) unclass(guide)["title"]
}

# By aesthetic; they are an object from ggplot2 3.5 on.
guides_of <- function(plot) {
  guides <- plot$guides
  if (is.environment(guides)) field(guides, "guides") else unclass(guides)
}

describe_layers <- function(plot, built) {
  shown <- seq_len(min(length(plot$layers), 20L))
  lapply(shown, function(i) {
    layer <- plot$layers[[i]]
    data <- if (!is.null(built)) built$data[[i]]
    about <- list(
      geom = class_word(field(layer, "geom"), "Geom"),
      stat = class_word(field(layer, "stat"), "Stat"),
      mapping = describe_mapping(layer, plot)
    )
    c(about, if (is.data.frame(data)) count_marks(about, layer, data, plot))
  })
}

# list(rows, marks): how many rows of data a layer shows, and how many marks a reader sees. What a stat or a geom computed
# along a curve is no row: a violin is one, and an area has as many as its data.
count_marks <- function(about, layer, data, plot) {
  rows <- drawn_rows(field(layer, "geom"), data)
  words <- words_for(about)
  if (!identical(words$by, "groups") || rows == 0L) return(list(rows = rows, marks = rows))
  groups <- count_groups(data)
  list(rows = if (about$stat %in% row_stats) rows else if (about$stat == "align") shown_rows(layer, plot, rows) else groups, marks = groups)
}

# Stats after which a row is still a row of data, or of its summary.
row_stats <- c("identity", "summary", "summarybin", "bin", "count", "sf", "sum", "unique")

# stat_align() adds places to an area's data so that areas can be stacked.
shown_rows <- function(layer, plot, most) {
  data <- if (is.data.frame(field(layer, "data"))) field(layer, "data") else plot$data
  if (is.data.frame(data)) min(.row_names_info(data, 2L), most) else most
}

count_groups <- function(data) {
  columns <- unclass(data)
  keys <- paste(columns[["PANEL"]], columns[["group"]], columns[["subgroup"]])
  if (length(keys)) length(unique(keys)) else 1L
}

# How many rows became marks: one that lacks what the geom needs, as where it lies outside a scale's limits, did not.
drawn_rows <- function(geom, data) {
  if (identical(class_word(geom, "Geom"), "blank")) return(0L)
  needed <- as.character(c(field(geom, "required_aes"), field(geom, "non_missing_aes")))
  needed <- unlist(strsplit(needed, "|", fixed = TRUE))
  columns <- Filter(is.atomic, unclass(data)[intersect(needed, attr(data, "names"))])
  drawn <- rep(TRUE, .row_names_info(data, 2L))
  for (column in columns) drawn <- drawn & !is.na(unclass(column))
  sum(drawn)
}

describe_mapping <- function(layer, plot) {
  own <- unclass(field(layer, "mapping"))
  inherited <- if (!isFALSE(field(layer, "inherit.aes"))) unclass(plot$mapping)
  all <- c(own, inherited[setdiff(names(inherited), names(own))])
  named <- utils::head(all[nzchar(names(all))], 20L)
  lapply(named, function(quosure) {
    short(paste(deparse(plain_expression(quosure), 120L, nlines = 2L), collapse = " "), 200L)
  })
}

# Position scales of the first panel, then the others.
describe_scales <- function(built) {
  if (is.null(built)) return(NULL)
  layout <- built$layout
  panels <- list(field(layout, "panel_scales_x")[1], field(layout, "panel_scales_y")[1])
  others <- Filter(function(scale) {
    !any(c("x", "y") %in% field(scale, "aesthetics"))
  }, field(built$plot$scales, "scales"))
  scales <- utils::head(Filter(is.environment, c(unlist(panels), others)), 12L)
  lapply(scales, function(scale) {
    aesthetic <- utils::head(c(field(scale, "aesthetics"), ""), 1L)
    type <- class_word(scale, "Scale")
    list(
      aesthetic = aesthetic,
      type = type,
      transformation = text_of(field(field(scale, "trans"), "name")),
      limits = plain(as_dates(scale_limits(scale), type)),
      breaks = plain(as_dates(position_breaks(layout, aesthetic), type))
    )
  })
}

scale_limits <- function(scale) {
  fixed <- field(scale, "limits")
  if (is.atomic(fixed) && length(fixed)) fixed else field(field(scale, "range"), "range")
}

# The limits and breaks of a scale of dates are numbers of days, those of one of times of seconds.
as_dates <- function(values, type) {
  if (!is.numeric(values)) return(values)
  values <- as.numeric(values)
  switch(if (is.null(type)) "" else type,
    continuousdate = iso_dates(values),
    continuousdatetime = iso_times(values, "UTC"),
    values
  )
}

position_breaks <- function(layout, aesthetic) {
  parameters <- field(layout, "panel_params")
  if (!aesthetic %in% c("x", "y") || !length(parameters)) return(NULL)
  # Its parameters are by where the axes are drawn, the scales by what is mapped to them.
  if (inherits(field(layout, "coord"), "CoordFlip")) aesthetic <- setdiff(c("x", "y"), aesthetic)
  breaks <- field(parameters[[1]][[aesthetic]], "breaks")
  breaks[!is.na(breaks)]
}

describe_facets <- function(plot) {
  kind <- class_word(plot$facet, "Facet")
  if (is.null(kind) || kind == "null") return(NULL)
  parameters <- field(plot$facet, "params")
  by <- c(parameters$facets, parameters$rows, parameters$cols)
  list(type = kind, by = I(short(names(by), 100L)))
}

# What a name holds in a list, or in a ggproto object or one that it inherits from.
field <- function(object, name) {
  if (is.list(object)) return(unclass(object)[[name]])
  for (depth in 1:10) {
    if (!is.environment(object)) return(NULL)
    if (exists(name, object, inherits = FALSE)) return(get0(name, object, inherits = FALSE))
    parent <- get0("super", object, inherits = FALSE)
    object <- if (is.function(parent)) parent()
  }
}

# "GeomPoint" is "point"; "ScaleContinuousPosition" is "continuousposition".
class_word <- function(object, prefix) {
  class <- attr(object, "class")
  if (!is.null(class)) tolower(sub(paste0("^", prefix), "", class[[1]]))
}

plain <- function(values) {
  if (!is.atomic(values) || is.null(values)) return(NULL)
  values <- utils::head(as.vector(values), 20L)
  I(if (is.character(values)) short(values, 100L) else values)
}

text_of <- function(label) {
  if (is.expression(label) && length(label)) label <- label[[1]]
  if (is.character(label) && length(label)) return(short(as.vector(label)[[1]], 500L))
  if (is.language(label)) short(paste(deparse(label, 200L, nlines = 1L), collapse = " "), 500L)
}

short <- function(text, most) {
  long <- !is.na(text) & nchar(text, allowNA = TRUE) > most
  text[which(long)] <- paste0(substr(text[which(long)], 1L, most - 1L), "\u2026")
  text
}
