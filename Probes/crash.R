# expect: error — machine code that aborts is reported as killed, and harms no later run
# unconfined: ends
dyn.load(Sys.glob("/usr/lib/*/libc.so.6")[1])
.C("abort")
