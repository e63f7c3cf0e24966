# expect: limit.wall — conditionMessage() is generic: asking a condition for its text runs the script's code
# unconfined: overruns
conditionMessage.bomb <- function(c) repeat Sys.sleep(1)
registerS3method("conditionMessage", "bomb", conditionMessage.bomb)
stop(structure(class = c("bomb", "error", "condition"), list(message = "m", call = NULL)))
