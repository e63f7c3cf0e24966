# expect: limit.wall — .Last runs on quit and may never return
# unconfined: overruns
.Last <- function() repeat Sys.sleep(1)
q("no")
