library(ggplot2)
library(dplyr)

groups <- c(
  Chiroptera = "Bats", Didelphimorphia = "Opossums", Cingulata = "Armadillos", Rodentia = "Rodents",
  Soricomorpha = "Shrews and moles", Primates = "Primates", Carnivora = "Carnivores",
  Hyracoidea = "Hyraxes", Cetacea = "Whales", Artiodactyla = "Even-toed hoofed animals",
  Proboscidea = "Elephants", Perissodactyla = "Odd-toed hoofed animals",
  Diprotodontia = "Kangaroos and possums", Erinaceomorpha = "Hedgehogs"
)

sleep <- read.csv("msleep.csv") |>
  filter(order %in% names(groups)) |>
  mutate(group = groups[order])

means <- sleep |>
  group_by(group) |>
  summarise(hours = mean(sleep_total), species = n()) |>
  arrange(hours) |>
  mutate(group = factor(group, levels = group))

ggplot(means, aes(hours, group)) +
  geom_col(aes(fill = hours), width = 0.74, show.legend = FALSE) +
  geom_point(
    data = sleep, aes(x = sleep_total),
    shape = 21, size = 2.4, fill = "white", colour = "grey25", alpha = 0.8
  ) +
  geom_text(
    aes(x = 0.25, label = sprintf("%.1f h", hours)), hjust = 0,
    colour = "white", size = 3.6, fontface = "bold", family = "Inter"
  ) +
  scale_fill_gradient(low = "#d08c60", high = "#3b4a7a") +
  scale_x_continuous(breaks = seq(0, 24, 4), limits = c(0, 24), expand = c(0, 0)) +
  labs(
    title = "Bats sleep the day away; hoofed animals hardly sleep at all",
    subtitle = "Hours of sleep a day: bars are means of a group, dots are species",
    x = NULL, y = NULL,
    caption = "Source: V. M. Savage and G. B. West, PNAS 104 (2007)"
  ) +
  theme_minimal(base_size = 13, base_family = "Inter") +
  theme(
    plot.title = element_text(face = "bold", size = 18),
    plot.subtitle = element_text(colour = "grey35", margin = margin(b = 14)),
    plot.caption = element_text(colour = "grey50", size = 9),
    plot.title.position = "plot",
    plot.margin = margin(20, 24, 14, 20),
    axis.text.y = element_text(colour = "grey15", size = 11),
    panel.grid.minor = element_blank(),
    panel.grid.major.y = element_blank()
  )
