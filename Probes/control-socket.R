# expect: error — what a script writes to its own end of the host's socket and report spoils its own answer only (harmless is as good)
# unconfined: ends
dyn.load("probes.so")
for (descriptor in 3:4) for (length in c(1L, 64L, 4096L)) {
  .C("write_to", descriptor, strrep("\001", length), length, 0L)
}
cat("said\n")
