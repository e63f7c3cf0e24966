# expect: denied — memory, maps and descriptors of host and zygote stay closed (writing zygote memory would reach the next run)
# unconfined: breach
uid <- function(p) tryCatch(strsplit(grep("^Uid", readLines(sprintf("/proc/%s/status", p)), value = TRUE), "\t")[[1]][2], error = function(e) "", warning = function(w) "")
for (p in setdiff(list.files("/proc", "^[0-9]+$"), Sys.getpid())) if (uid(p) == uid("self")) {
  mem <- tryCatch({ f <- file(sprintf("/proc/%s/mem", p), "r+b", raw = TRUE); close(f); TRUE }, error = function(e) FALSE, warning = function(w) FALSE)
  maps <- tryCatch(length(readLines(sprintf("/proc/%s/maps", p), 1)) > 0, error = function(e) FALSE, warning = function(w) FALSE)
  fds <- length(list.files(sprintf("/proc/%s/fd", p)))
  cat(if (mem || maps || fds) "BREACH" else "held", p, "mem", mem, "maps", maps, "fds", fds, "\n")
}
cat("held, of the rest\n")
