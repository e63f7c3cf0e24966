#' Load packages, warm up, and serve the host.
#'
#' @return Once in each worker: the run that C_evaluate takes. Never in the zygote.
serve <- function() {
  use_fonts()
  use_mends()
  preload(split_names(Sys.getenv("RAMPART_PRELOAD")))
  spare_mgcv()
  if (identical(Sys.getenv("RAMPART_WARMUP"), "on")) {
    warm_up(as.numeric(Sys.getenv("RAMPART_WARMUP_MS", "4000")))
  }
  guard_device_option()
  prepare_confinement()
  settle()
  worker <- .Call(C_serve, json(engine_info()))
  prepare_worker(worker$scratch)
  if (worker$spare) make_heap_private(worker$scratch)
  .Call(C_say_prepared)
  prepare_run(read_request(.Call(C_await_run)), worker$scratch)
}

# What R is told of the request, as the host's RunDocument wrote it, and the script's bytes.
read_request <- function(parts) {
  c(eval(str2lang(parts[[1]]), baseenv()), list(code = parts[[2]]))
}

# "a, b" is c("a", "b"); "" is none.
split_names <- function(text) {
  names <- trimws(strsplit(text, ",", fixed = TRUE)[[1]])
  names[nzchar(names)]
}

# The packages that scripts rely on, and those that the harness draws with where they are installed.
preload <- function(packages) {
  missing <- packages[!vapply(packages, is_loadable, TRUE)]
  if (length(missing)) {
    cat("not installed: ", paste(missing, collapse = ", "), "\n", sep = "", file = stderr())
    quit("no", status = 3, runLast = FALSE)
  }
  for (package in harness_packages) is_loadable(package)
}

harness_packages <- c("utils", "graphics", "stats", "ragg", "svglite", "systemfonts")

is_loadable <- function(package) {
  isNamespaceLoaded(package) ||
    suppressPackageStartupMessages(requireNamespace(package, quietly = TRUE))
}

# Leave the zygote as every worker shall find it: no warm-up's garbage, seed, device, file or thread.
settle <- function() {
  grDevices::graphics.off()
  forget_warm_up()
  eapply(asNamespace("rampart"), force, all.names = TRUE)
  RNGkind("Mersenne-Twister", "Inversion", "Rejection")
  rm(list = ls(globalenv(), all.names = TRUE), envir = globalenv())
  unlink(tempdir(), recursive = TRUE)
  for (i in 1:2) gc()
  .Call(C_settle_heap)
  threads <- .Call(C_threads)
  if (threads != 1) stop("the zygote has ", threads, " threads; it may have one")
}

json <- function(value) .Call(C_json, value)
