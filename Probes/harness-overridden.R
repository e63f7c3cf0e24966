# expect: harmless — base functions replaced by the script change its own run only; the report is still truthful
# unconfined: ends
for (n in c("print", "cat", "message", "tryCatch", "withCallingHandlers", "conditionMessage", "sink", "list.files")) {
  unlockBinding(n, baseenv()); assign(n, function(...) invisible("hijacked"), envir = baseenv())
}
stop("still an error")
