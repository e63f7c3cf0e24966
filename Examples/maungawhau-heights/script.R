library(ggplot2)

heights <- read.csv("volcano.csv")
summit <- heights[which.max(heights$metres), ]

ggplot(heights, aes(west, north)) +
  geom_raster(aes(fill = metres), interpolate = TRUE) +
  geom_contour(aes(z = metres), colour = "white", alpha = 0.35, binwidth = 10, linewidth = 0.35) +
  geom_point(data = summit, shape = 17, size = 3, colour = "grey10") +
  geom_text(
    data = summit, aes(label = paste(metres, "m")), nudge_y = 26,
    size = 4, fontface = "bold", colour = "grey10", family = "Inter"
  ) +
  scale_fill_viridis_c(option = "rocket", name = "Height", labels = function(m) paste(m, "m")) +
  scale_x_reverse(labels = NULL) +
  scale_y_continuous(labels = NULL) +
  coord_fixed(expand = FALSE) +
  labs(
    title = "Maungawhau, one of T\u0101maki Makaurau's fifty volcanoes",
    subtitle = "Heights on a grid of 10 metres, contours every 10 metres of height",
    x = "860 metres", y = "600 metres",
    caption = "Source: Ross Ihaka's digitised topographic map; only as good as that map"
  ) +
  guides(fill = guide_colourbar(
    barheight = unit(200, "pt"), barwidth = unit(9, "pt"), ticks = FALSE
  )) +
  theme_minimal(base_size = 13, base_family = "Inter") +
  theme(
    plot.title = element_text(face = "bold", size = 18),
    plot.subtitle = element_text(colour = "grey35", margin = margin(b = 12)),
    plot.caption = element_text(colour = "grey50", size = 9),
    plot.title.position = "plot",
    plot.margin = margin(18, 20, 14, 20),
    axis.title = element_text(colour = "grey50", size = 10),
    panel.grid = element_blank()
  )
