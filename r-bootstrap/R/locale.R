# A locale that is not installed is answered with those that are.
mend_locales <- function() {
  replace_function("base", "Sys.setlocale", function(original) {
    with_conditions_reworded(original, function(text) {
      if (!grepl("cannot be honored", text, fixed = TRUE)) return(text)
      paste0(text, ": the locales that are installed are ", paste0("'", installed_locales(), "'", collapse = ", "))
    })
  })
}

# The names of the locales that are installed, in their folders and in glibc's archive of them.
installed_locales <- function(folder = "/usr/lib/locale") {
  names <- c(list.dirs(folder, full.names = FALSE, recursive = FALSE), archived_locales(file.path(folder, "locale-archive")))
  names <- sub("\\.utf-?8$", ".UTF-8", names, ignore.case = TRUE)
  utils::head(unique(c("C.UTF-8", sort(names[grepl(".UTF-8", names, fixed = TRUE)]))), 50L)
}

# The archive's head says, in its sixth and seventh number, where its strings lie and how many bytes they are.
archived_locales <- function(path) {
  if (!file.exists(path)) return(character())
  archive <- file(path, "rb")
  on.exit(close(archive))
  head <- readBin(archive, "integer", 8L)
  if (length(head) < 8L || head[[7]] <= 0L || head[[7]] > 1e6) return(character())
  seek(archive, head[[6]])
  bytes <- readBin(archive, "raw", head[[7]])
  bytes[bytes == 0] <- charToRaw("\n")
  names <- strsplit(rawToChar(bytes), "\n", fixed = TRUE)[[1]]
  names[nzchar(names)]
}
