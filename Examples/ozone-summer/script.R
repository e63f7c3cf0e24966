library(ggplot2)
library(dplyr)

air <- read.csv("airquality.csv") |>
  filter(!is.na(Ozone)) |>
  mutate(celsius = (Temp - 32) / 1.8, kmh = Wind * 1.609)

ggplot(air, aes(celsius, Ozone)) +
  geom_smooth(
    method = "loess", formula = y ~ x,
    colour = "grey30", fill = "grey88", linewidth = 0.9
  ) +
  geom_point(aes(fill = kmh, size = kmh), shape = 21, colour = "white", stroke = 0.5, alpha = 0.9) +
  scale_fill_viridis_c(option = "mako", direction = -1, begin = 0.1, end = 0.9, name = "風速 km/h") +
  scale_size(range = c(2, 6.5), guide = "none") +
  scale_x_continuous(breaks = seq(10, 40, 5), labels = function(t) paste0(t, " \u00b0C")) +
  scale_y_continuous(labels = function(ppb) paste(ppb, "ppb")) +
  coord_cartesian(ylim = c(0, 170)) +
  labs(
    title = "暑くて風の弱い日ほど、オゾンは濃くなる",
    subtitle = "ニューヨーク、1973年5月〜9月 · New York, été 1973 · Нью-Йорк, лето 1973",
    x = "日最高気温", y = "オゾン濃度",
    caption = "Source: New York State Department of Conservation; National Weather Service"
  ) +
  theme_minimal(base_size = 14, base_family = "Noto Sans CJK JP") +
  theme(
    plot.title = element_text(face = "bold", size = 20),
    plot.subtitle = element_text(colour = "grey35", margin = margin(b = 12)),
    plot.caption = element_text(colour = "grey50", size = 9),
    plot.title.position = "plot",
    plot.margin = margin(20, 24, 14, 20),
    legend.position = "top",
    legend.justification = "left",
    panel.grid.minor = element_blank()
  )
