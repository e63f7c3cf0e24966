# expect: harmless — nothing written by one run is seen by the next; run twice, BREACH on the second if it is
# unconfined: breach
places <- c("/tmp", "/var/tmp", "/dev/shm", dirname(tempdir()), tempdir(), path.expand("~"), ".")
for (d in unique(normalizePath(places, mustWork = FALSE))) {
  f <- file.path(d, ".left-by-a-probe")
  if (file.exists(f)) cat("BREACH left over in", d, "\n")
  cat(d, if (suppressWarnings(file.create(f))) "written" else "refused", "\n")
}
