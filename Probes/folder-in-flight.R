# expect: denied — nothing of a run is in the next: no folder that looks like a living host's, which is known by a lock; run twice
# unconfined: breach
dyn.load("probes.so")
folder <- paste0("/tmp/rampart-1-2-", file.info(".")$uid)
left <- file.exists(file.path(folder, "left"))
made <- !left && suppressWarnings(dir.create(folder)) && file.create(file.path(folder, "left"))
if (made) invisible(.C("lock_folder_in_flight", folder, 0L))
cat(if (left) "BREACH left over" else "held", made, "\n")
if (left) unlink(folder, recursive = TRUE)
