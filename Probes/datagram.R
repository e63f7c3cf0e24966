# expect: denied — no datagram leaves: not to a resolver, not to the X-Ray daemon
# unconfined: breach
dyn.load("probes.so")
errors <- vapply(c(53L, 2000L), function(port) .C("send_datagram", port, 0L)[[2]], 0L)
cat(if (any(errors == 0)) "BREACH sent" else "held", errors, "\n")
