# expect: error — a process that exits with status 0 before the report is written is not a success
# unconfined: ends
dyn.load("probes.so")
.C("leave_at_once", 0L)
