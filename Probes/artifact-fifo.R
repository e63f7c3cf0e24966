# expect: denied — a FIFO cannot be made; where it can, the collector leaves it out and waits for no one
# unconfined: breach
r <- tryCatch({ f <- fifo("plot.png", "w+", blocking = FALSE); writeLines("x", f); "made" }, error = function(e) conditionMessage(e))
cat(if (file.exists("plot.png")) "BREACH" else "held", r, "\n")
