# expect: denied — one 512 MB file: RLIMIT_FSIZE answers EFBIG (SIGXFSZ ignored) and R reports a failed write (limit.output is as good)
# unconfined: breach
f <- file("big.bin", "wb"); z <- raw(2^20)
for (i in 1:512) writeBin(z, f)
close(f); cat(if (file.size("big.bin") >= 2^29) "BREACH" else "held", file.size("big.bin"), "\n")
