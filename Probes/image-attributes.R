# expect: denied — nothing of a run is in the next: no mode and no value on the file that R was started from; run twice
# unconfined: breach
dyn.load("probes.so")
image <- "/proc/self/exe"
if (!isTRUE(file.info(image)$uid == file.info(".")$uid)) {
  image <- "/tmp/stands-for-the-image"
  suppressWarnings(file.create(image))
}
marks <- .C("mark_file", image, 0L, integer(2))
cat(if (marks[[2]] > 0) "BREACH left before" else "held", image, marks[[3]], "\n")
