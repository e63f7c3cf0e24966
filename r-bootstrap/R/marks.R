# What a reader calls the layers of a chart, and how many marks there are in one.
#
# kind: the chart that such a layer makes; beside: what it is called beside another; helper: it never names the chart if
# another layer does; mark: what is counted, "mark" unless given; by: "rows", or "groups" for what a group is drawn as one.
# What is named geom.stat goes before what is named by the geom alone.
layer_words <- local({
  words <- function(kind, beside = tolower(kind), helper = FALSE, mark = "mark", by = "rows") {
    list(kind = kind, beside = beside, helper = helper, mark = mark, by = by)
  }
  list(
    point = words("Scatter plot", "points"),
    point.qq = words("Quantile-quantile plot"),
    col = words("Bar chart", "bars"),
    bar = words("Bar chart", "bars"),
    bar.bin = words("Histogram"),
    line = words("Line chart", "lines", mark = "line", by = "groups"),
    path = words("Path", "paths", mark = "path", by = "groups"),
    path.bin = words("Frequency polygon", mark = "line", by = "groups"),
    path.ellipse = words("Ellipses", helper = TRUE, mark = "ellipse", by = "groups"),
    path.qqline = words("Reference line", helper = TRUE, mark = "line", by = "groups"),
    abline.qqline = words("Reference line", helper = TRUE, mark = "line", by = "groups"),
    step = words("Step chart", "steps", mark = "line", by = "groups"),
    step.ecdf = words("Cumulative distribution", mark = "line", by = "groups"),
    `function` = words("Curve of a function", "curve", mark = "curve", by = "groups"),
    area = words("Area chart", "areas", mark = "area", by = "groups"),
    area.density = words("Density plot", mark = "curve", by = "groups"),
    line.density = words("Density plot", mark = "curve", by = "groups"),
    density = words("Density plot", mark = "curve", by = "groups"),
    ribbon = words("Ribbon chart", "ribbon", helper = TRUE, mark = "ribbon", by = "groups"),
    smooth = words("Smoothed trend", helper = TRUE, mark = "curve", by = "groups"),
    boxplot = words("Box plot", "boxes", mark = "box"),
    violin = words("Violin plot", "violins", mark = "violin", by = "groups"),
    dotplot = words("Dot plot", "dots", mark = "dot"),
    tile = words("Heat map", "tiles"),
    raster = words("Heat map", "tiles"),
    bin2d = words("Heat map", "tiles"),
    hex = words("Hexagonal heat map"),
    density2d = words("Density contours", mark = "contour", by = "groups"),
    density2dfilled = words("Filled density contours", mark = "contour", by = "groups"),
    contour = words("Contour plot", "contours", mark = "contour", by = "groups"),
    contourfilled = words("Filled contour plot", "contours", mark = "contour", by = "groups"),
    pointrange = words("Point ranges"),
    linerange = words("Ranges", helper = TRUE),
    crossbar = words("Crossbars", helper = TRUE),
    errorbar = words("Error bars", helper = TRUE),
    errorbarh = words("Error bars", helper = TRUE),
    segment = words("Segments", helper = TRUE),
    curve = words("Curves", helper = TRUE),
    spoke = words("Spokes", helper = TRUE),
    rect = words("Rectangles", helper = TRUE),
    text = words("Text labels", helper = TRUE),
    label = words("Text labels", helper = TRUE),
    textrepel = words("Text labels", helper = TRUE),
    labelrepel = words("Text labels", helper = TRUE),
    polygon = words("Polygons", mark = "polygon", by = "groups"),
    map = words("Map"),
    sf = words("Map", "shapes"),
    densityridges = words("Ridge plot", mark = "ridge", by = "groups"),
    densityridgesgradient = words("Ridge plot", mark = "ridge", by = "groups"),
    quasirandom = words("Scatter plot", "points"),
    quantile = words("Quantile lines", helper = TRUE, mark = "line", by = "groups"),
    drawgrob = words("Composition", mark = "chart")
  )
})

# Lines across a chart and marks at its edge: no reader counts them.
unnamed_geoms <- c("hline", "vline", "abline", "rug", "blank", "customann", "rasterann", "logticks")

# The words for a described layer; NULL where there are none.
words_for <- function(layer) {
  if (is.null(layer$geom)) return(NULL)
  exact <- layer_words[[paste0(layer$geom, ".", layer$stat)]]
  if (is.null(exact)) layer_words[[layer$geom]] else exact
}

# What a chart is called by its layers: "Scatter plot with smoothed trend".
plot_kind <- function(layers, coord) {
  layers <- Filter(function(layer) !isTRUE(layer$geom %in% unnamed_geoms), layers)
  words <- Filter(Negate(is.null), lapply(layers, words_for))
  words <- words[order(vapply(words, function(word) word$helper, TRUE))]
  words <- words[!duplicated(vapply(words, function(word) word$kind, ""))]
  if (!length(layers)) return("Empty chart")
  if (!length(words)) return("Chart")
  beside <- vapply(words[-1], function(word) word$beside, "")
  paste0(
    in_coord(words[[1]]$kind, coord),
    if (length(beside)) paste0(" with ", listed(utils::head(beside, 3L)))
  )
}

# Bars around a centre are slices where their height is the angle.
in_coord <- function(kind, coord) {
  if (!isTRUE(coord$type %in% c("polar", "radial"))) return(kind)
  slices <- identical(coord$theta, "y") && coord$single
  if (kind %in% c("Bar chart", "Histogram")) {
    return(if (slices && coord$hole) "Donut chart" else if (slices) "Pie chart" else "Circular bar chart")
  }
  if (kind %in% c("Line chart", "Polygons", "Path")) "Radar chart" else paste(kind, "around a centre")
}

# How many marks each kind of layer drew: "3 violins and 234 marks drawn."
marks_phrase <- function(layers) {
  layers <- Filter(function(layer) !isTRUE(layer$geom %in% unnamed_geoms) && !is.null(layer$rows), layers)
  if (!length(layers)) return("")
  counted <- list()
  for (layer in layers) {
    words <- words_for(layer)
    mark <- if (is.null(words)) "mark" else words$mark
    if (isTRUE(words$helper) && length(layers) > 1L) next
    count <- if (is.null(layer$marks)) layer$rows else layer$marks
    counted[[mark]] <- max(counted[[mark]], count)
  }
  counted <- unlist(Filter(function(count) count > 0L, counted))
  if (!length(counted)) return(" Nothing was drawn.")
  counted <- utils::head(counted, 3L)
  paste0(" ", listed(paste(format(counted, big.mark = ",", trim = TRUE), plural(names(counted), counted))), " drawn.")
}

plural <- function(word, count) {
  ifelse(count == 1L, word, ifelse(grepl("[sx]$", word), paste0(word, "es"), paste0(word, "s")))
}

# "a", "a and b", "a, b and c".
listed <- function(items) {
  if (length(items) < 2L) return(items)
  paste(paste(utils::head(items, -1L), collapse = ", "), "and", utils::tail(items, 1L))
}
