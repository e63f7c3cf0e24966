# expect: denied — files, a segment, a queue and a semaphore, and the host killed before it can remove them
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
stat <- tryCatch(suppressWarnings(readLines(sprintf("/proc/%d/stat", parent))), error = function(e) NULL)
host <- if (is.null(stat)) parent - 1L else as.integer(strsplit(sub(".*\\) ", "", stat), " ")[[1]][2])
files <- suppressWarnings(file.create(file.path(c("/tmp", "/var/tmp"), ".left-for-the-next-life")))
errors <- .C("leave_ipc", integer(3))[[1]]
tools::pskill(parent, tools::SIGSTOP)
killed <- tools::pskill(host, 9L)
cat(if (any(files) && any(errors == 0) && killed) "BREACH" else "held", files, errors, killed, "\n")
