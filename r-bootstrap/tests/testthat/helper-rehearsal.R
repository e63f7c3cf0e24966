# Run a script in an R of its own, as a worker would, and read what it reports.
#
# Returns list(status, out, err, frames, charts, files): the exit status, the lines of both streams, the
# report's frames, and the names in charts/ and work/. A run ends after `seconds`, with status 137.
run_script <- function(code, ..., inputs = list(), seconds = 60) {
  scratch <- tempfile("scratch-")
  for (name in c("work", "charts", "tmp")) dir.create(file.path(scratch, name), recursive = TRUE)
  for (name in names(inputs)) writeLines(inputs[[name]], file.path(scratch, "work", name))
  arguments <- tempfile(fileext = ".rds")
  saveRDS(list(code = code, scratch = scratch, ...), arguments)
  program <- tempfile(fileext = ".R")
  writeLines(sprintf(
    ".Call(rampart:::C_evaluate, do.call(rampart:::rehearse, readRDS(%s)))", deparse(arguments)
  ), program)
  stream <- function(name) file.path(scratch, name)
  command <- sprintf(
    "R_TESTS= LC_ALL=C.UTF-8 LANGUAGE=en TZ=UTC CLI_NO_THREAD=1 timeout -s KILL %d %s %s 4>%s",
    seconds, file.path(R.home("bin"), "R"),
    paste("--no-echo --no-restore --no-save --no-init-file --file=", program, sep = ""), stream("report")
  )
  status <- system2("sh", c("-c", shQuote(command)), stdout = stream("out"), stderr = stream("err"))
  list(
    status = status,
    out = readLines(stream("out"), warn = FALSE),
    err = readLines(stream("err"), warn = FALSE),
    frames = read_frames(stream("report")),
    charts = list.files(stream("charts"), all.files = TRUE, no.. = TRUE),
    files = list.files(stream("work")),
    folder = stream("charts")
  )
}

read_frames <- function(path) {
  bytes <- readBin(path, "raw", file.size(path))
  frames <- list()
  while (length(bytes) >= 4) {
    length <- readBin(bytes[1:4], "integer", size = 4, endian = "little")
    text <- rawToChar(bytes[4 + seq_len(length)])
    stopifnot(validUTF8(text))
    frames <- c(frames, list(jsonlite::fromJSON(text, simplifyVector = FALSE)))
    bytes <- bytes[-seq_len(4 + length)]
  }
  frames
}

of_kind <- function(run, kind) Filter(function(frame) frame$kind == kind, run$frames)

outcome <- function(run) {
  end <- of_kind(run, "end")
  if (length(end) == 1) end[[1]]$status else "none"
}

script_error <- function(run) of_kind(run, "error")[[1]]$error

script_conditions <- function(run) lapply(of_kind(run, "condition"), function(frame) frame$condition)

script_value <- function(run) of_kind(run, "value")[[1]]$value

hints <- function(run) paste(unlist(script_error(run)$hints), collapse = " ")
