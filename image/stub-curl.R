#!/usr/bin/env Rscript
# Writes a package that stands in for curl: stub-curl.R FOLDER. It has the name, the version and the exports
# of the one installed here, and each function says that there is no network. tidyverse and plotly load with
# it, and the image is without the one R package whose purpose is to connect.
folder <- commandArgs(trailingOnly = TRUE)[[1]]
dir.create(file.path(folder, "R"), recursive = TRUE)
exports <- sort(getNamespaceExports("curl"))

writeLines(c(
  "Package: curl",
  paste("Version:", packageVersion("curl")),
  "Title: Stands in for 'curl' Where There Is No Network",
  "Description: Has the functions of the package 'curl', each of which says that there is no network.",
  "Authors@R: person('The Rampart authors', role = c('aut', 'cre'), email = 'rampart@example.org')",
  "License: Apache License (>= 2)"
), file.path(folder, "DESCRIPTION"))
writeLines(sprintf("export(%s)", exports), file.path(folder, "NAMESPACE"))
writeLines(c(
  "no_network <- function(name) {",
  "  message <- paste0(\"curl::\", name, \"(): there is no network here\")",
  "  stop(structure(class = c(\"no_network\", \"error\", \"condition\"), list(message = message, call = NULL)))",
  "}",
  # What says whether there is a network tells the truth.
  sprintf("%s <- function(...) no_network(\"%s\")", exports, exports),
  "has_internet <- function() FALSE"
), file.path(folder, "R", "curl.R"))
