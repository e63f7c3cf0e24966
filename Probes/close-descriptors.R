# expect: error — a worker without descriptors is read as one that ended without a report
# unconfined: ends
dyn.load("probes.so")
invisible(.C("close_descriptors", 0L, 63L))
