# expect: harmless — the scratch directory emptied, locked and left; collecting finds nothing and the next run has a fresh one
# unconfined: ends
if (grepl("/tmp|scratch|run", getwd())) { unlink(list.files(all.files = TRUE, no.. = TRUE), recursive = TRUE); dir.create("locked"); file.create("locked/x.png"); Sys.chmod("locked", "000"); Sys.chmod(".", "000") }
Sys.umask("777"); setwd("/"); cat(getwd(), "\n")
