#' Describe what a ggplot chart shows, from the fields of the plot and of what was built from it.
#'
#' Nothing is built or trained again, and no method of a scale is called: it may be the script's own.
#'
#' @param name The chart's file.
#' @param drawn list(plot, built), as drawn_plot() found them; `built` may be NULL.
#' @return list(name, alt, description) of at most 16 KB; NULL where there is nothing to say.
describe_chart <- function(name, drawn) {
  plot <- drawn$plot
  composed <- inherits(plot, "patchwork")
  description <- if (composed) describe_composition(plot) else describe_plot(plot, drawn$built)
  if (is.na(json(description)) || nchar(json(description), "bytes") > 16384L) {
    description <- description[c("title", "subtitle", "caption", "labels")]
  }
  alt <- if (composed) composition_alt(description) else plot_alt(plot, description)
  list(name = name, alt = short(alt, 1000L), description = description)
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
    coord = class_word(plot$coordinates, "Coord")
  )
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
  labels[setdiff(names(labels), c("title", "subtitle", "caption", "alt", "tag", unused))]
}

# The labels that are text; those that were built are complete. A guide's title goes before a scale's name, and that
# before what the plot was told.
plot_labels <- function(plot, built) {
  if (!is.null(built)) plot <- built$plot
  labels <- lapply(utils::head(unclass(plot$labels), 20L), text_of)
  for (scale in utils::head(field(plot$scales, "scales"), 20L)) {
    for (aesthetic in intersect(field(scale, "aesthetics"), names(labels))) {
      labels[aesthetic] <- list(scale_title(scale, guides_of(plot)[[aesthetic]], labels[[aesthetic]]))
    }
  }
  Filter(Negate(is.null), labels)
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
    list(
      geom = class_word(field(layer, "geom"), "Geom"),
      stat = class_word(field(layer, "stat"), "Stat"),
      mapping = describe_mapping(layer, plot),
      rows = if (is.data.frame(data)) drawn_rows(field(layer, "geom"), data)
    )
  })
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
    expression <- if (inherits(quosure, "formula")) unclass(quosure)[[2]] else quosure
    short(paste(deparse(expression, 120L, nlines = 2L), collapse = " "), 200L)
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
