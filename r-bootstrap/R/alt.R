# One or two sentences on a chart, for those who cannot see it: what the script gave as `alt`, or made
# from the description.
plot_alt <- function(plot, description) {
  own <- plot$labels$alt
  if (is.character(own) && length(own) && nzchar(own[[1]])) return(own[[1]])
  paste0(
    plot_kind(description$layers),
    axes_phrase(description$labels),
    if (!is.null(description$title)) paste0(", titled \u201c", description$title, "\u201d"),
    groups_phrase(description$labels),
    facets_phrase(description$facets),
    ".",
    rows_phrase(description$layers)
  )
}

composition_alt <- function(description) {
  parts <- vapply(description$plots, function(part) plot_alt(list(), part), "")
  paste0(
    "A composition of ", length(parts), " charts",
    if (!is.null(description$title)) paste0(", titled \u201c", description$title, "\u201d"),
    ". ", paste0(seq_along(parts), ": ", parts, collapse = " ")
  )
}

chart_kinds <- c(
  col = "Bar chart", bar = "Bar chart", point = "Scatter plot", line = "Line chart", path = "Path",
  area = "Area chart", ribbon = "Ribbon", boxplot = "Box plot", violin = "Violin plot",
  density = "Density plot", tile = "Heat map", raster = "Heat map", rect = "Rectangles",
  text = "Text", label = "Text", smooth = "Smoothed trend", step = "Step chart",
  sf = "Map", polygon = "Polygons", segment = "Segments", errorbar = "Error bars", hex = "Hexagonal heat map"
)

plot_kind <- function(layers) {
  kinds <- unique(vapply(layers, function(layer) {
    if (identical(layer$geom, "bar") && identical(layer$stat, "bin")) return("Histogram")
    known <- chart_kinds[if (is.null(layer$geom)) "" else layer$geom]
    if (is.na(known)) "Chart" else known[[1]]
  }, ""))
  if (length(kinds) > 1L) kinds <- setdiff(kinds, "Chart")
  if (!length(kinds)) return("Empty chart")
  if (length(kinds) == 1L) return(kinds)
  paste(kinds[[1]], "with", paste(tolower(kinds[-1]), collapse = " and "))
}

axes_phrase <- function(labels) {
  if (is.null(labels$x) && is.null(labels$y)) return("")
  if (is.null(labels$y)) return(paste(" of", labels$x))
  paste0(" of ", labels$y, if (!is.null(labels$x)) paste(" by", labels$x))
}

groups_phrase <- function(labels) {
  groups <- labels[intersect(names(labels), c("colour", "fill", "shape", "size", "linetype"))]
  if (length(groups)) paste0(", ", paste(names(groups), "showing", unlist(groups), collapse = ", "))
}

facets_phrase <- function(facets) {
  if (length(facets$by)) paste0(", in panels by ", paste(facets$by, collapse = " and "))
}

rows_phrase <- function(layers) {
  rows <- unlist(lapply(layers, function(layer) layer$rows))
  if (length(rows)) paste0(" ", format(max(rows), big.mark = ","), if (max(rows) == 1) " mark" else " marks", " drawn.")
}
