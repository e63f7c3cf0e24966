# expect: denied — /proc/*/environ of host and zygote cannot be read, nor the worker's own start environment hold a secret
# unconfined: breach
p <- list.files("/proc", "^[0-9]+$")
for (i in c("self", p)) {
  x <- tryCatch(suppressWarnings(readBin(file.path("/proc", i, "environ"), "raw", 65536)), error = function(e) raw())
  x[x == 0] <- as.raw(10)
  if (grepl("AWS_SECRET|AWS_SESSION|TOPSECRET", rawToChar(x))) cat("BREACH", i, "\n")
}
cat("held: looked at", length(p), "processes\n")
