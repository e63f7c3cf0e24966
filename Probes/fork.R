# expect: denied — mcfork fails; where it cannot be refused the children are few and all gone at the end
# unconfined: breach
r <- tryCatch(parallel::mccollect(parallel::mcparallel("BREACH child ran"))[[1]], error = function(e) "held")
cat(r, "\n")
