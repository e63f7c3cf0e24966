# expect: harmless — NUL, ESC, C1, lone surrogates and invalid UTF-8 reach the host; the envelope is still valid UTF-8 JSON
# unconfined: ends
b <- as.raw(c(0:255, 0xed, 0xa0, 0x80, 0xc0, 0xaf, 0xf5, 0xff))
tryCatch({ f <- suppressWarnings(file("/dev/stdout", "wb", raw = TRUE)); writeBin(b, f); close(f) }, error = function(e) cat(rawToChar(b[b != 0])))
cat("\033]0;title\007\033[2J\xff\xfe\n"); message("\xe9 latin1")
