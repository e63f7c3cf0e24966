# expect: harmless — .Last, which may never return, is not run on quit
# unconfined: overruns
.Last <- function() repeat Sys.sleep(1)
q("no")
