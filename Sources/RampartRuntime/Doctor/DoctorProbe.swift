import RampartCore

/// A script that tries what one layer is to refuse, and says how that went.
struct DoctorProbe: Sendable {
    let layer: Layer
    /// What is tried, for a person.
    let act: String
    /// R code whose last line of output is `held`, or `reached` and what it got at.
    let code: String

    /// One for each layer.
    static let all: [DoctorProbe] = [
        DoctorProbe(
            layer: .shield,
            act: "read other processes' environment, maps and memory, as the host tried",
            code: """
                reached <- character()
                for (p in c(list.files("/proc", "^[0-9]+$"), "1", "2", "3")) {
                  if (p == Sys.getpid()) next
                  for (f in c("environ", "maps", "mem")) {
                    path <- file.path("/proc", p, f)
                    ok <- tryCatch(suppressWarnings(length(readBin(path, "raw", 16)) > 0),
                      error = function(e) FALSE)
                    if (ok) reached <- c(reached, path)
                  }
                }
                cat(if (length(reached)) c("reached", head(reached, 3)) else "held")
                """
        ),
        DoctorProbe(
            layer: .environment,
            act: "find credentials or the Runtime API in the environment",
            code: """
                found <- grep("^(AWS_|_X_AMZN|_HANDLER|LAMBDA_|RAMPART_SIGNING)", names(Sys.getenv()), value = TRUE)
                cat(if (length(found)) c("reached", found) else "held")
                """
        ),
        DoctorProbe(
            layer: .descriptors,
            act: "find a descriptor open that is not the run's own",
            // Of 128 that a worker may have, 5 are its own. R cannot list them, but can use up the rest: it has 125 connections.
            code: """
                invisible(file.create("one")); opened <- list(); refusal <- ""
                while (!nzchar(refusal)) {
                  one <- tryCatch(suppressWarnings(file("one", "rb")), error = conditionMessage)
                  if (is.character(one)) refusal <- one else opened <- c(opened, list(one))
                }
                foreign <- 128 - 5 - length(opened)
                for (one in opened) close(one)
                if (!grepl("in use", refusal) && foreign >= 0)
                  cat(if (foreign > 0) c("reached", foreign, "descriptors") else "held")
                """
        ),
        DoctorProbe(
            layer: .limits,
            act: "allocate a terabyte, and write a file without end",
            code: """
                big <- tryCatch({ numeric(2^37); "memory" }, error = function(e) NULL)
                file <- suppressWarnings(file("big.bin", "wb")); block <- raw(2^20); written <- 0
                while (written < 40000) {
                  n <- tryCatch({ writeBin(block, file); flush(file); file.size("big.bin") },
                    error = function(e) 0, warning = function(w) 0)
                  if (n < (written + 1) * 2^20) break
                  written <- written + 1
                }
                suppressWarnings(close(file)); unlink("big.bin")
                cat(if (length(big) || written >= 40000) c("reached", big, written, "MB") else "held")
                """
        ),
        DoctorProbe(
            layer: .user,
            act: "own what the host owns",
            code: """
                mine <- file.info(".")$uid
                host <- file.info("..", "../..")$uid
                cat(if (isTRUE(mine == host[[2]])) c("reached", "user", mine) else "held")
                """
        ),
        DoctorProbe(
            layer: .syscalls,
            act: "start a program",
            code: """
                out <- tryCatch(suppressWarnings(system("echo out", intern = TRUE)), error = function(e) NULL)
                cat(if (identical(out, "out")) c("reached", "a shell") else "held")
                """
        ),
        DoctorProbe(
            layer: .files,
            act: "write outside the scratch directory, and list the root",
            code: """
                name <- paste0("doctor-", basename(dirname(dirname(getwd()))))
                made <- Filter(function(d) suppressWarnings(file.create(file.path(d, name))),
                  c("/tmp", "/var/tmp", "/dev/shm"))
                seen <- if (length(list.files("/"))) "/"
                cat(if (length(c(made, seen))) c("reached", made, seen) else "held")
                """
        ),
        DoctorProbe(
            layer: .network,
            act: "listen on a port, and have a program open a socket",
            // A datagram's, for a connection would be counted, and end the environment.
            code: """
                served <- tryCatch({ s <- suppressWarnings(serverSocket(0L)); close(s); "a port" }, error = function(e) NULL)
                opened <- tryCatch(suppressWarnings(system2("bash", c("-c", shQuote("exec 3<>/dev/udp/127.0.0.1/9")),
                  stdout = FALSE, stderr = FALSE)), error = function(e) 1L)
                if (opened == 0) served <- c(served, "a socket")
                cat(if (length(served)) c("reached", served) else "held")
                """
        ),
        DoctorProbe(
            layer: .sweep,
            act: "find what the probes before left behind",
            code: """
                name <- paste0("doctor-", basename(dirname(dirname(getwd()))))
                left <- Filter(file.exists, file.path(c("/tmp", "/var/tmp", "/dev/shm"), name))
                unlink(left)
                cat(if (length(left)) c("reached", left) else "held")
                """
        ),
        DoctorProbe(
            layer: .oom,
            act: "be spared where memory runs out",
            code: """
                path <- "/proc/self/oom_score_adj"
                score <- function() tryCatch(suppressWarnings(as.integer(readLines(path))), error = function(e) NA)
                before <- score()
                try(suppressWarnings(cat("0", file = path)), silent = TRUE)
                cat(if (any(c(before, score()) <= 0, na.rm = TRUE)) c("reached", "score", score()) else "held")
                """
        ),
    ]
}
