# expect: denied — or, where signals cannot be refused, a fault: the environment restarts and the next invocation is well
# unconfined: breach
stat <- readLines("/proc/self/stat"); ppid <- as.integer(strsplit(sub(".*\\) ", "", stat), " ")[[1]][2])
ok <- tools::pskill(ppid, 9L); Sys.sleep(0.2)
cat(if (ok) "BREACH signalled" else "held", ppid, "\n")
