library(ggplot2)
library(dplyr)

readings <- read.csv("co2.csv") |>
  mutate(date = as.Date(sprintf("%d-%02d-15", year, month)))

yearly <- readings |>
  group_by(year) |>
  summarise(ppm = mean(ppm)) |>
  mutate(date = as.Date(sprintf("%d-07-01", year)))

ends <- yearly |>
  filter(year %in% range(year)) |>
  mutate(label = sprintf("%d: %.0f ppm", year, ppm))

ggplot(readings, aes(date, ppm)) +
  geom_line(colour = "#9db8c7", linewidth = 0.6) +
  geom_line(data = yearly, colour = "#0b4f6c", linewidth = 1.2) +
  geom_point(data = ends, colour = "#0b4f6c", size = 3) +
  geom_text(
    data = ends, aes(label = label), colour = "#0b4f6c", family = "Inter", fontface = "bold",
    size = 4.4, hjust = c(0.1, 1), nudge_x = c(0, -700), nudge_y = c(-4.2, 2.6)
  ) +
  scale_x_date(
    breaks = as.Date(sprintf("%d-01-01", seq(1960, 1995, 5))), date_labels = "%Y",
    expand = expansion(c(0.02, 0.02))
  ) +
  scale_y_continuous(breaks = seq(310, 370, 10), labels = function(ppm) paste(ppm, "ppm")) +
  labs(
    title = "Carbon dioxide over Mauna Loa rose by 15% in 38 years",
    subtitle = "Monthly readings breathe with the seasons; yearly means only rise",
    x = NULL, y = NULL,
    caption = "Source: C. D. Keeling and T. P. Whorf, Scripps Institution of Oceanography"
  ) +
  theme_minimal(base_size = 14, base_family = "Inter") +
  theme(
    plot.title = element_text(face = "bold", size = 18),
    plot.subtitle = element_text(colour = "grey35", margin = margin(b = 14)),
    plot.caption = element_text(colour = "grey50", size = 9, margin = margin(t = 12)),
    plot.title.position = "plot",
    plot.margin = margin(20, 24, 14, 20),
    panel.grid.minor = element_blank(),
    panel.grid.major.x = element_blank()
  )
