#' Draw what most scripts draw, so that each worker finds its code compiled and its fonts open.
#'
#' The compiler comes first, for R itself compiles a script's loops.
#'
#' @param budget Milliseconds after which no new drawing is begun.
warm_up <- function(budget) {
  compiler::cmpfun(function(n) for (i in seq_len(n)) if (i > 1) n <- n + i)
  started <- proc.time()[["elapsed"]]
  if (!is_loadable("ragg")) return(invisible())
  for (draw in warm_up_drawings) {
    if ((proc.time()[["elapsed"]] - started) * 1000 > budget) break
    ragg::agg_capture(1600, 1000, res = 150)
    try(suppressWarnings(suppressMessages(draw())), silent = TRUE)
    grDevices::dev.off()
  }
  invisible()
}

# Leave nothing by which a script could tell that others drew before it.
forget_warm_up <- function() {
  if (isNamespaceLoaded("ggplot2")) getExportedValue("ggplot2", "set_last_plot")(NULL)
  if (!isNamespaceLoaded("grid")) return(invisible())
  for (naming in c("grobAutoName", "vpAutoName")) {
    counter <- environment(get0(naming, asNamespace("grid")))
    if (exists("index", counter, inherits = FALSE)) assign("index", 0, envir = counter)
  }
}

draw_base <- function() {
  graphics::plot(datasets::cars, main = "Warm-up", xlab = "x", ylab = "y", col = "steelblue")
  graphics::hist(datasets::cars$speed)
  graphics::barplot(table(datasets::mtcars$cyl))
  graphics::legend("topright", "a", col = 1, pch = 1)
}

draw_points <- function() {
  draw_ggplot(datasets::mtcars, c(x = "wt", y = "mpg", colour = "factor(cyl)"), function(gg) {
    list(
      gg("geom_point")(), gg("geom_hline")(yintercept = 20), gg("theme_minimal")(base_size = 14),
      gg("labs")(title = "Warm-up", subtitle = "s", caption = "c", x = "x", y = "y")
    )
  })
}

# Tells of its formula, as a script's does: the first message through cli takes 15 ms.
draw_smooth <- function() {
  draw_ggplot(datasets::mtcars, c(x = "wt", y = "mpg"), function(gg) {
    list(gg("geom_smooth")(method = "loess"), gg("theme_classic")())
  })
}

draw_bars <- function() {
  draw_ggplot(datasets::mtcars, c(x = "factor(cyl)", fill = "factor(gear)"), function(gg) {
    list(gg("geom_bar")(position = "dodge"), gg("facet_wrap")("am"), gg("scale_fill_brewer")())
  })
}

draw_lines <- function() {
  days <- data.frame(day = as.Date("2024-01-01") + 0:59, y = sin(1:60), g = c("a", "b"))
  draw_ggplot(days, c(x = "day", y = "y", colour = "g"), function(gg) {
    list(gg("geom_line")(), gg("geom_area")(alpha = 0.2), gg("facet_grid")("g ~ ."), gg("scale_x_date")())
  })
}

draw_tiles <- function() {
  cells <- expand.grid(x = letters[1:5], y = letters[1:5])
  cells$z <- seq_len(25)
  draw_ggplot(cells, c(x = "x", y = "y", fill = "z"), function(gg) {
    text <- do.call(gg("aes"), list(label = quote(z)))
    list(gg("geom_tile")(), gg("geom_text")(text), gg("scale_fill_viridis_c")())
  })
}

draw_distributions <- function() {
  draw_ggplot(datasets::mtcars, c(x = "factor(cyl)", y = "mpg"), function(gg) {
    list(
      gg("geom_boxplot")(), gg("geom_jitter")(width = 0.1), gg("coord_flip")(),
      gg("theme_bw")(base_size = 12)
    )
  })
  draw_ggplot(datasets::mtcars, c(x = "mpg"), function(gg) {
    list(gg("geom_histogram")(), gg("geom_vline")(xintercept = 20))
  })
}

# No drawing, but what often comes before one.
summarise_table <- function() {
  if (!isNamespaceLoaded("dplyr")) return(NULL)
  sink(nullfile())
  on.exit(sink())
  eval(quote({
    grouped <- group_by(datasets::mtcars, cyl)
    summed <- summarise(grouped, mean = mean(mpg), n = n(), .groups = "drop")
    sorted <- arrange(mutate(summed, share = n / sum(n)), mean)
    print(filter(left_join(sorted, summed, by = "cyl"), n.x > 1))
  }), new.env(parent = asNamespace("dplyr")))
}

# In the order of what they spare a first script. None may need cairo, whose threads a fork would
# lose, nor mgcv, whose Matrix doubles every collection.
warm_up_drawings <- list(
  draw_base, draw_points, draw_bars, draw_lines, draw_tiles, draw_smooth, draw_distributions,
  summarise_table
)

# Draw a ggplot of `data`. `mapping` holds the aesthetics as code; `parts` gets a function that finds
# ggplot2's own by name, so that the package is no dependency of this one.
draw_ggplot <- function(data, mapping, parts) {
  if (!isNamespaceLoaded("ggplot2")) return(NULL)
  gg <- function(name) getExportedValue("ggplot2", name)
  aes <- lapply(mapping, str2lang)
  plot <- gg("ggplot")(data, do.call(gg("aes"), aes))
  for (part in parts(gg)) plot <- plot + part
  print(plot)
}
