# expect: denied — no file that lends its owner's rights is made
# unconfined: breach
file.create("tool")
invisible(Sys.chmod("tool", "4755", use_umask = FALSE))
mode <- as.integer(file.info("tool")$mode)
cat(if (bitwAnd(mode, 2048L) != 0) "BREACH" else "held", format(as.octmode(mode)), "\n")
