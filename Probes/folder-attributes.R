# expect: denied — the host's own folder gets a name with a value, and rights that all below it inherit
# unconfined: breach
dyn.load("probes.so")
folder <- dirname(dirname(getwd()))
if (!isTRUE(file.info(folder)$uid == file.info(".")$uid)) folder <- getwd()
errors <- .C("attach_to", folder, integer(2))[[2]]
cat(if (any(errors == 0)) "BREACH attached" else "held", errors, "\n")
