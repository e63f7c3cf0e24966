# expect: harmless — a report of success by machine code can lie about its own run only (error is as good)
# unconfined: ends
dyn.load("probes.so")
frame <- '{"kind":"end","status":"completed"}'
invisible(.C("write_frame", 4L, frame, 0L))
stop("not a success")
