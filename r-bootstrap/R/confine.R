# Tell the confinement what only R knows, before the first fork.
prepare_confinement <- function() {
  .Call(C_read_below, worker_folders())
  forget_internet()
  .Call(C_stay_offline)
}

# The folders of R and of its packages, below which a worker may read.
worker_folders <- function() {
  libraries <- strsplit(Sys.getenv("LD_LIBRARY_PATH"), ":", fixed = TRUE)[[1]]
  homes <- vapply(c("home", "share", "include", "doc"), R.home, "")
  folders <- c(homes, .libPaths(), libraries)
  unique(normalizePath(folders[dir.exists(folders)]))
}

# R looks for its internet module at the first use, and never again once it was not there: url(),
# download.file() and sockets then say that it cannot be loaded. Native code is not stopped by it.
forget_internet <- function() {
  home <- Sys.getenv("R_HOME")
  Sys.setenv(R_HOME = "/nonexistent")
  on.exit(Sys.setenv(R_HOME = home))
  suppressWarnings(try(libcurlVersion(), silent = TRUE))
}
