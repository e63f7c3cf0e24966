# expect: denied — no socket of any other family: to the hypervisor, to the kernel's tables or its ciphers
# unconfined: breach
dyn.load("probes.so")
families <- c(unix = 1L, inet6 = 10L, netlink = 16L, cipher = 38L, vsock = 40L)
errors <- vapply(families, function(family) .C("open_socket", family, 0L)[[2]], 0L)
cat(if (any(errors == 0)) "BREACH opened" else "held", names(errors)[errors == 0], errors, "\n")
