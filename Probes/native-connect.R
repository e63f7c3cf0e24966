# expect: denied — machine code reaches no port, the Runtime API's least of all
# unconfined: breach
dyn.load("probes.so")
request <- "GET /probe HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
error <- .C("exchange", 9001L, request, "", 0L)[[4]]
cat(if (error == 0) "BREACH connected" else "held", error, "\n")
