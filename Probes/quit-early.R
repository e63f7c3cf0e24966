# expect: harmless — q(status = 0) ends the run as the script wants it, and nothing after it is run
# unconfined: ends
cat("before\n"); q("no", status = 0, runLast = FALSE); cat("BREACH after quit\n")
