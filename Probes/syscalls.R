# expect: denied — every call that the policy refuses is tried by machine code: its errno tells who answered
# unconfined: ends
dyn.load("probes.so")
for (row in seq_len(.C("attempt_count", 0L)[[1]]) - 1L) {
  tried <- .C("attempt", row, name = "", error = 0L)
  cat("attempt", tried$error, tried$name, "\n")
}
cat("held: each was answered\n")
