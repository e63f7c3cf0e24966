# Writes sales.csv, which the bar chart reads, to the working directory.
set.seed(7)
n <- 50000
dates <- as.character(as.Date("2023-01-01") + sample(0:729, n, TRUE))
sales <- data.frame(
  id = 1:n,
  date = dates,
  region = sample(c("North", "South", "East", "West", "Central"), n, TRUE),
  category = sample(c("Hardware", "Software", "Services"), n, TRUE),
  units = rpois(n, 5) + 1L,
  price = round(rlnorm(n, 3, .5), 2)
)
write.csv(sales, "sales.csv", row.names = FALSE)
