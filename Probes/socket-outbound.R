# expect: denied — no TCP to the network (TEST-NET here) or to the loopback interface
# unconfined: breach
for (h in list(c("192.0.2.1", 80), c("127.0.0.1", 22), c("127.0.0.1", 9001))) {
  t0 <- Sys.time()
  r <- tryCatch({ s <- suppressWarnings(socketConnection(h[1], as.integer(h[2]), timeout = 1, open = "r+b")); close(s); "BREACH connected" },
                error = function(e) paste("held:", conditionMessage(e)))
  cat(h, r, format(Sys.time() - t0), "\n")
}
