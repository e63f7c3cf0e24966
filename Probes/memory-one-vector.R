# expect: limit.memory — one 3 GB vector, every page touched; an R error "cannot allocate" is as good
# unconfined: grows
x <- rep(1, 4e8)
cat("BREACH allocated", length(x), "\n")
