# expect: error — a report of success, by machine code that then leaves, can lie about its own run only
# unconfined: ends
dyn.load("probes.so")
frame <- '{"kind":"end","status":"completed"}'
invisible(.C("write_frame", 4L, frame, 0L))
stop("not a success")
