# expect: error — machine code that aborts is reported as killed, and harms no later run
# unconfined: ends
dyn.load("libc.so.6")
.C("abort")
