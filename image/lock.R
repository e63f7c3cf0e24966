# Writes down what is installed: lock.R FILE SNAPSHOT REVISION. R, its packages and the fonts by their
# versions, and all of Debian's packages by theirs.
arguments <- commandArgs(trailingOnly = TRUE)
names(arguments) <- c("file", "snapshot", "revision")

by_name <- function(versions) as.list(versions[order(names(versions), method = "radix")])

installed <- installed.packages(c(.Library.site, .Library), noCache = TRUE)
installed <- installed[!duplicated(installed[, "Package"]), ]

debian <- read.dcf("/var/lib/dpkg/status", fields = c("Package", "Status", "Version"))
debian <- debian[debian[, "Status"] == "install ok installed", ]
debian <- setNames(debian[, "Version"], debian[, "Package"])

lock <- list(
  image = paste0("rampart-", arguments[["revision"]]),
  r = paste(R.version$major, R.version$minor, sep = "."),
  packages = by_name(setNames(installed[, "Version"], installed[, "Package"])),
  fonts = by_name(debian[startsWith(names(debian), "fonts-")]),
  debian = list(
    version = readLines("/etc/debian_version"),
    snapshot = if (nzchar(arguments[["snapshot"]])) arguments[["snapshot"]],
    packages = by_name(debian)
  )
)
writeLines(jsonlite::toJSON(lock, auto_unbox = TRUE, pretty = TRUE, null = "null"), arguments[["file"]])
