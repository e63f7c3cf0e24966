library(ggplot2)
library(dplyr)
library(tidyr)
library(scales)

sales <- read.csv("txhousing.csv") |>
  drop_na(median) |>
  mutate(date = as.Date(sprintf("%d-%02d-01", year, month)))

growth <- sales |>
  group_by(city) |>
  summarise(ratio = mean(median[year == 2014]) / mean(median[year == 2000])) |>
  mutate(label = sprintf("\u00d7 %.1f", ratio))

sales$city <- factor(sales$city, levels = growth$city[order(-growth$ratio)])
growth$city <- factor(growth$city, levels = levels(sales$city))

ggplot(sales, aes(date, median)) +
  geom_line(aes(colour = city), linewidth = 0.45, alpha = 0.55) +
  geom_smooth(
    aes(colour = city),
    method = "loess", formula = y ~ x, span = 0.35, se = FALSE, linewidth = 1.1
  ) +
  geom_text(
    data = growth, aes(x = as.Date("2000-06-01"), y = 262000, label = label),
    hjust = 0, size = 5, fontface = "bold", colour = "grey25", family = "Inter"
  ) +
  facet_wrap(~city, nrow = 2) +
  scale_colour_viridis_d(option = "D", begin = 0.1, end = 0.8, guide = "none") +
  scale_x_date(breaks = as.Date(sprintf("%d-01-01", seq(2000, 2015, 5))), date_labels = "%Y") +
  scale_y_continuous(
    labels = label_dollar(scale_cut = cut_short_scale()),
    limits = c(0, 300000), expand = c(0, 0)
  ) +
  labs(
    title = "San Antonio's house prices nearly doubled; Dallas's rose by half",
    subtitle = paste(
      "Median sale price by month in Texas's six largest cities,",
      "and its growth from 2000 to 2014"
    ),
    x = NULL, y = NULL,
    caption = "Source: TAMU Real Estate Center"
  ) +
  theme_minimal(base_size = 13, base_family = "Inter") +
  theme(
    plot.title = element_text(face = "bold", size = 18),
    plot.subtitle = element_text(colour = "grey35", margin = margin(b = 12)),
    plot.caption = element_text(colour = "grey50", size = 9),
    plot.title.position = "plot",
    plot.margin = margin(20, 24, 14, 20),
    strip.text = element_text(face = "bold", hjust = 0, size = 12),
    panel.spacing = unit(18, "pt"),
    panel.grid.minor = element_blank()
  )
