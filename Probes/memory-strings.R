# expect: limit.memory — (limit.wall is as good) many small objects: R's heap grows page by page, not by one large malloc
# unconfined: grows
v <- lapply(1:3e7, function(i) paste0("k", i))
cat("BREACH", length(v), "\n")
