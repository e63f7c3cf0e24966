# expect: harmless — catches "cannot allocate vector", frees, and must be able to go on
# unconfined: ends
r <- tryCatch(rep(1, 3e9), error = function(e) conditionMessage(e))
cat(if (is.character(r)) r else "allocated", "\n"); rm(r); invisible(gc())
cat("sum", sum(numeric(1e5) + 1), "\n")
