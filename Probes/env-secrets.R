# expect: denied — none of the function's credentials is in the worker's environment
# unconfined: breach
e <- Sys.getenv()
hit <- grep("^(AWS_(ACCESS|SECRET|SESSION|CONTAINER|LAMBDA_RUNTIME_API)|_X_AMZN|_HANDLER)", names(e), value = TRUE)
cat(if (length(hit)) "BREACH" else "held", hit, "\n")
