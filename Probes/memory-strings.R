# expect: limit.memory — (limit.wall is as good) many small objects: R's heap grows page by page, not by one large malloc
# unconfined: grows
v <- new.env(); for (i in 1:3e7) assign(paste0("k", i), c(i, i), envir = v)
cat("BREACH", length(v), "\n")
