# expect: denied — nothing but R, its packages and fonts can be read: no configuration, no processes, no other run
# unconfined: breach
can_read <- function(path) tryCatch(suppressWarnings(length(readLines(path, 1)) >= 0), error = function(e) FALSE)
for (path in c("/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/proc/self/status", "/proc/cpuinfo", "/tmp/rampart-probes/planted.txt"))
  cat(if (can_read(path)) "BREACH" else "held", path, "\n")
for (path in c("/", "/tmp", "/proc", "/var", "/home", dirname(dirname(getwd()))))
  cat(if (length(list.files(path))) "BREACH" else "held", path, "\n")
