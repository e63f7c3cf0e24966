# expect: denied — R's own network functions stay without their module, whatever R_HOME says and whatever is loaded
# unconfined: breach
try(dyn.load(file.path(R.home("modules"), "internet.so")), silent = TRUE)
Sys.setenv(R_HOME = R.home())
version <- tryCatch(libcurlVersion(), error = conditionMessage)
socket <- tryCatch({ close(suppressWarnings(serverSocket(9002L))); "open" }, error = conditionMessage)
cat(if (!grepl("cannot be loaded", version) || socket == "open") "BREACH" else "held", version, socket, "\n")
