eruptions <- read.csv("faithful.csv")
long <- eruptions$eruptions > 3
shade <- ifelse(long, "#c8553d", "#588b8b")
fit <- lm(waiting ~ eruptions, data = eruptions)

par(
  family = "Inter", mar = c(5, 5, 5.5, 1.5), las = 1, bty = "n",
  col.axis = "grey35", fg = "grey80"
)
layout(matrix(1:2, nrow = 1), widths = c(3, 2))

plot(
  eruptions$eruptions, eruptions$waiting,
  pch = 21, bg = adjustcolor(shade, 0.75), col = "white", cex = 1.5, lwd = 0.6,
  xlab = "Length of the eruption (minutes)", ylab = "Wait for the next one (minutes)",
  panel.first = grid(col = "grey92", lty = 1)
)
abline(fit, col = "grey25", lwd = 2)
headline <- function(text) {
  mtext(text, side = 3, line = 2.6, adj = 0, font = 2, cex = 1.35, col = "black")
}
headline("A long eruption means a long wait")
mtext("272 eruptions of Old Faithful, Yellowstone", side = 3, line = 1, adj = 0, col = "grey35")
legend(
  "bottomright", c("under 3 minutes", "over 3 minutes"), pch = 21, pt.cex = 1.5, pt.lwd = 0.6,
  pt.bg = adjustcolor(c("#588b8b", "#c8553d"), 0.75), col = "white", bty = "n", text.col = "grey25"
)

breaks <- seq(40, 100, 5)
tall <- hist(eruptions$waiting[long], breaks = breaks, plot = FALSE)
low <- hist(eruptions$waiting[!long], breaks = breaks, plot = FALSE)
plot(
  tall, col = adjustcolor("#c8553d", 0.8), border = "white", main = "", axes = FALSE,
  xlab = "Wait (minutes)", ylab = "Eruptions", ylim = c(0, max(tall$counts, low$counts) + 5)
)
plot(low, col = adjustcolor("#588b8b", 0.8), border = "white", add = TRUE)
axis(1, at = seq(40, 100, 20))
axis(2)
headline("Two kinds of wait")
