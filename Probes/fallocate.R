# expect: denied — an empty file takes no more of the disk than RAMPART_FILE_MB
# unconfined: breach
dyn.load("probes.so")
error <- .C("reserve", "reserved", 200L, 0L)[[3]]
cat(if (error == 0) "BREACH" else "held", "size", file.size("reserved"), "errno", error, "\n")
