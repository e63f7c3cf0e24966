# One or two sentences on a chart, for those who cannot see it: what the script gave as `alt`, or made from the
# description. Both are one line.
plot_alt <- function(plot, description) {
  own <- plot$labels$alt
  if (is.character(own) && length(own) && nzchar(trimws(own[[1]]))) return(one_line(own[[1]]))
  grids <- sum(vapply(description$layers, function(layer) identical(layer$geom, "drawgrob"), TRUE))
  if (grids) return(paste0(count_charts(grids, "Chart with annotations"), titled(description$title), "."))
  labels <- lapply(description$labels[!names(description$labels) %in% description$unsaid], readable_label)
  labels <- labels[nzchar(labels)]
  coord <- description$coord_details
  if (identical(coord$theta, "y") && coord$single) labels$x <- NULL
  paste0(
    plot_kind(description$layers, coord),
    axes_phrase(labels),
    titled(description$title),
    groups_phrase(labels),
    facets_phrase(description$facets),
    ".",
    marks_phrase(description$layers)
  )
}

composition_alt <- function(description) {
  parts <- vapply(description$plots, function(part) plot_alt(list(), part), "")
  if (!length(parts)) return(paste0("Graphics of several parts", titled(description$title), "."))
  if (length(parts) == 1L) {
    title <- titled(description$title)
    return(paste0(if (nzchar(title)) paste0("Chart", title, ". "), parts))
  }
  paste0(count_charts(length(parts)), titled(description$title), ". ", paste0(seq_along(parts), ": ", parts, collapse = " "))
}

count_charts <- function(count, one = "") if (count == 1L) one else paste0("A composition of ", count, " charts")

# GGally's matrices of plots.
matrix_alt <- function(description, size, names) {
  paste0(
    "A matrix of ", size[[1]], " by ", size[[2]], " plots",
    if (length(names)) paste0(" of ", listed(one_line(utils::head(names, 8L)))), if (length(names) > 8L) " and more",
    titled(description$title), "."
  )
}

titled <- function(title) {
  title <- if (is.null(title)) "" else one_line(title)
  if (nzchar(title)) paste0(", titled \u201c", title, "\u201d") else ""
}

one_line <- function(text) trimws(gsub("[[:space:]]+", " ", text))

# A label as it is read: factor(cyl), reorder(cyl, mpg) and their kin are cyl.
readable_label <- function(label) {
  label <- one_line(label)
  wrapper <- "^(?:forcats::)?(?:factor|as\\.factor|as\\.character|reorder|fct_[a-z_]+)\\(([A-Za-z0-9._]+)(?:,.*)?\\)$"
  sub(wrapper, "\\1", label, perl = TRUE)
}

# Where a chart has only the ends of ranges, they stand for the axis.
axes_phrase <- function(labels) {
  x <- axis_phrase(labels, "x")
  y <- axis_phrase(labels, "y")
  if (is.null(x) && is.null(y)) return(if (is.null(labels$sample)) "" else paste(" of", labels$sample))
  if (is.null(y)) return(paste(" of", x))
  paste0(" of ", y, if (!is.null(x)) paste(" by", x))
}

axis_phrase <- function(labels, axis) {
  if (!is.null(labels[[axis]])) return(labels[[axis]])
  ends <- labels[paste0(axis, c("min", "max"))]
  if (!any(vapply(ends, is.null, TRUE))) paste(ends[[1]], "to", ends[[2]])
}

# A group that an axis shows already is not named again, nor one label twice.
groups_phrase <- function(labels) {
  groups <- unlist(labels[intersect(names(labels), c("colour", "fill", "shape", "size", "linewidth", "linetype", "alpha"))])
  groups <- groups[!groups %in% unlist(labels[c("x", "y")])]
  phrases <- vapply(unique(groups), function(label) paste(listed(names(groups)[groups == label]), "showing", label), "")
  if (length(phrases)) paste0(", ", paste(phrases, collapse = ", "))
}

facets_phrase <- function(facets) {
  if (length(facets$by)) paste0(", in panels by ", listed(one_line(facets$by)))
}
