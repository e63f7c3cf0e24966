# expect: denied — limits count for each process: where children cannot be refused, all together may have more than one may
# unconfined: breach
children <- tryCatch(
  lapply(1:8, function(i) parallel::mcparallel({ x <- numeric(2e7); x[] <- i; Sys.sleep(1); length(x) })),
  error = function(e) list()
)
held <- sum(as.numeric(unlist(parallel::mccollect(children)))) * 8 / 2^20
cat(if (held > 1100) "BREACH" else "held", held, "MB\n")
