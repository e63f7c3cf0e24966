library(ggplot2)

speed <- read.csv("speed.csv")
ggplot(speed, aes(ratio, reorder(way, -ratio), fill = way == "Rampart, confined")) +
  geom_vline(xintercept = 1, colour = "grey50", linetype = "dashed") +
  geom_col(width = 0.7) +
  geom_text(
    aes(label = sprintf("%.1f", ratio), colour = way == "Rampart, confined"),
    hjust = 1.25, size = 4.2, family = "Inter"
  ) +
  annotate(
    "text", 1.04, nrow(speed) + 0.62,
    label = "a warm R session", hjust = 0, size = 3.6, family = "Inter", colour = "grey40"
  ) +
  scale_fill_manual(values = c("grey75", "#1b6ca8"), guide = "none") +
  scale_colour_manual(values = c("grey20", "white"), guide = "none") +
  scale_x_continuous(expand = expansion(mult = c(0, 0.03))) +
  scale_y_discrete(expand = expansion(add = c(0.6, 0.9))) +
  labs(
    title = "Time of a chart, in multiples of a warm R session",
    subtitle = "Geometric mean of five charts of 1600 x 1000 pixels; less is better",
    x = NULL, y = NULL
  ) +
  theme_minimal(base_size = 14, base_family = "Inter") +
  theme(
    panel.grid.major.y = element_blank(), panel.grid.minor = element_blank(),
    plot.title.position = "plot", axis.text.y = element_text(colour = "grey20")
  )
