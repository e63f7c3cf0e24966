# expect: error — q(status = 0) before the report is written is not a success
# unconfined: ends
cat("before\n"); q("no", status = 0, runLast = FALSE); cat("BREACH after quit\n")
