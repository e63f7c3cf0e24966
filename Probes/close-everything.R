# expect: harmless — closing connections, sinks and devices takes nothing the harness needs
# unconfined: ends
while (sink.number() > 0) sink()
closeAllConnections(); graphics.off(); cat("still printing\n"); 1 + 1
