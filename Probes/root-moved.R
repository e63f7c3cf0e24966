# expect: denied — the host's own folder, in which later runs have theirs, stays where and what it is
# unconfined: breach
# Where there is no host, in a folder like its.
if (basename(getwd()) != "work") { dir.create("root/run/work", recursive = TRUE); setwd("root/run/work") }
root <- dirname(dirname(getwd()))
moved <- suppressWarnings(file.rename(root, paste0(root, "-moved"))) && dir.create(root)
cat(if (moved) "BREACH moved" else "held", root, "\n")
