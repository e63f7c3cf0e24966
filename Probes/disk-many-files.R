# expect: harmless — 20,000 files: the collector stops counting early and cleaning up stays fast (limit.output is as good)
# unconfined: ends
for (i in 1:20000) file.create(sprintf("f%05d.png", i))
cat(length(list.files(".")), "files\n")
