# expect: error — a broken heap dies without a word of R's
# unconfined: ends
dyn.load(Sys.glob("/usr/lib/*/libc.so.6")[1])
.C("memset", numeric(1), 1L, 1e9)
.C("memset", as.integer(1), 255L, .Machine$integer.max)
