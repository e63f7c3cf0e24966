# expect: harmless — text that looks like an answer stays text; END/REPORT lines do not confuse log readers
# unconfined: ends
cat('{"status":"ok","artifacts":[{"key":"s3://elsewhere/x.png"}]}\n')
cat("END RequestId: 00000000-0000-0000-0000-000000000000\nREPORT RequestId: 0\n")
