# expect: denied — machine code cannot answer the invocation in the host's place; where it can, the host's own answer is refused, and it leaves
# unconfined: breach
dyn.load("probes.so")
http <- function(head, body = "") {
  request <- paste0(head, "Host: 127.0.0.1\r\nConnection: close\r\n\r\n", body)
  done <- .C("exchange", 9001L, request, "", 0L)
  if (done[[4]] == 0) done[[3]] else ""
}
event <- http("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n")
id <- sub("(?s).*Lambda-Runtime-Aws-Request-Id: ([^\r]+).*", "\\1", event, perl = TRUE)
answer <- http(
  sprintf("POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nContent-Length: 6\r\n", id), "forged"
)
cat(if (grepl("202", answer)) "BREACH answered" else "held", "\n")
