# expect: denied — a child whose name ends in a sign that swallows the next one, for whoever reads text as Unicode
# unconfined: breach
name <- "z\u0600"
file.copy("/bin/sleep", name)
Sys.chmod(name, "755")
started <- tryCatch(suppressWarnings(system(paste0("setsid ./", name, " 20 >&- 2>&- &"))), error = function(e) 127L)
Sys.sleep(0.3)
cat(if (started == 0) "BREACH started" else "held", started, "\n")
