# Writes down what is installed: lock.R FILE SNAPSHOT REVISION. R, its packages and the fonts by their
# versions, and all of Debian's packages by theirs. A package of fonts whose files were taken away is none.
arguments <- commandArgs(trailingOnly = TRUE)
names(arguments) <- c("file", "snapshot", "revision")

by_name <- function(versions) as.list(versions[order(names(versions), method = "radix")])

installed <- installed.packages(c(.Library.site, .Library), noCache = TRUE)
installed <- installed[!duplicated(installed[, "Package"]), ]

debian <- read.dcf("/var/lib/dpkg/status", fields = c("Package", "Status", "Version"))
debian <- debian[debian[, "Status"] == "install ok installed", ]
debian <- setNames(debian[, "Version"], debian[, "Package"])

has_fonts <- function(package) {
  listed <- readLines(file.path("/var/lib/dpkg/info", paste0(package, ".list")))
  any(file_test("-f", listed[startsWith(listed, "/usr/share/fonts/")]))
}
fonts <- debian[startsWith(names(debian), "fonts-")]

lock <- list(
  image = paste0("rampart-", arguments[["revision"]]),
  r = paste(R.version$major, R.version$minor, sep = "."),
  packages = by_name(setNames(installed[, "Version"], installed[, "Package"])),
  fonts = by_name(fonts[vapply(names(fonts), has_fonts, logical(1))]),
  debian = list(
    version = readLines("/etc/debian_version"),
    snapshot = if (nzchar(arguments[["snapshot"]])) arguments[["snapshot"]],
    packages = by_name(debian)
  )
)
writeLines(jsonlite::toJSON(lock, auto_unbox = TRUE, pretty = TRUE, null = "null"), arguments[["file"]])
