# Make the session's directories the run's own. The zygote removed its tempdir(), so that this one is
# made anew, below `scratch`.
prepare_worker <- function(scratch) {
  tmp <- file.path(scratch, "tmp")
  home <- file.path(scratch, "work") # what a script leaves there is kept
  cache <- file.path(tmp, "cache")
  dir.create(cache, showWarnings = FALSE)
  Sys.setenv(
    TMPDIR = tmp, HOME = home, R_USER = home,
    XDG_CACHE_HOME = cache, XDG_CONFIG_HOME = cache, XDG_DATA_HOME = cache,
    R_USER_CACHE_DIR = cache
  )
  Sys.unsetenv(c("RAMPART_PRELOAD", "RAMPART_WARMUP", "RAMPART_WARMUP_MS"))
  tempdir(check = TRUE)
}

# Take a copy of the heap and go through a run's first steps, while there is time. The rehearsal leaves
# nothing that a run does not set again.
make_heap_private <- function(scratch) {
  .Call(C_own_heap)
  request <- list(
    code = charToRaw("1 + 1"), format = "png", width = 16L, height = 16L, dpi = 36L, transcript = FALSE,
    file_bytes = Inf
  )
  prepare_run(request, scratch)
  describe_value(1)
  .Call(C_fill_heap)
}
