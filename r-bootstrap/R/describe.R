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
    labels = labels[setdiff(names(labels), c("title", "subtitle", "caption", "alt", "tag"))],
    layers = describe_layers(plot, built),
    scales = describe_scales(built),
    facets = describe_facets(plot),
    coord = class_word(plot$coordinates, "Coord")
  )
}

describe_composition <- function(plot) {
  parts <- c(plot$patches$plots, list(structure(plot, class = setdiff(class(plot), "patchwork"))))
  parts <- Filter(function(part) length(part$layers) > 0L, utils::head(parts, 12L))
  list(
    title = text_of(plot$patches$annotation$title),
    subtitle = text_of(plot$patches$annotation$subtitle),
    caption = text_of(plot$patches$annotation$caption),
    plots = lapply(parts, describe_plot)
  )
}

# The labels that are text; those that were built are complete.
plot_labels <- function(plot, built) {
  labels <- if (is.null(built)) plot$labels else built$plot$labels
  labels <- lapply(utils::head(unclass(labels), 20L), text_of)
  Filter(Negate(is.null), labels)
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
      rows = if (is.data.frame(data)) .row_names_info(data, 2L)
    )
  })
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
    list(
      aesthetic = aesthetic,
      type = class_word(scale, "Scale"),
      limits = scale_limits(scale),
      breaks = position_breaks(layout, aesthetic)
    )
  })
}

scale_limits <- function(scale) {
  fixed <- field(scale, "limits")
  plain(if (is.atomic(fixed) && length(fixed)) fixed else field(field(scale, "range"), "range"))
}

position_breaks <- function(layout, aesthetic) {
  parameters <- field(layout, "panel_params")
  if (!aesthetic %in% c("x", "y") || !length(parameters)) return(NULL)
  breaks <- field(parameters[[1]][[aesthetic]], "breaks")
  plain(breaks[!is.na(breaks)])
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
  if (is.character(label) && length(label)) return(short(as.vector(label)[[1]], 500L))
  if (is.language(label)) short(paste(deparse(label, 200L, nlines = 1L), collapse = " "), 500L)
}

short <- function(text, most) {
  long <- !is.na(text) & nchar(text, allowNA = TRUE) > most
  text[which(long)] <- paste0(substr(text[which(long)], 1L, most - 1L), "\u2026")
  text
}
