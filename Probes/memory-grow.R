# expect: limit.memory — grows by 8 MB a step, 24 GB at most; worker ends, host and next run live
# unconfined: grows
l <- list(); for (i in 1:3000) l[[i]] <- numeric(1e6) + i
cat("BREACH held", length(l) * 8, "MB\n")
