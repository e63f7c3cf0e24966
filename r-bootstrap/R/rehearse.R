#' Prepare a script as a worker does, but without a zygote, a host or any limit.
#'
#' For tests and for work on the harness. In a process of its own, at its top level:
#' `.Call(rampart:::C_evaluate, rampart:::rehearse(code, scratch))`. It ends that process.
#'
#' @param code Character vector: the script.
#' @param scratch Directory that holds work/, charts/ and tmp/.
#' @param report Descriptor, open for writing, that the report's frames go to.
#' @return What C_evaluate takes.
rehearse <- function(code, scratch, format = "png", width = 800L, height = 600L, dpi = 100L,
                     seed = NULL, report = 4L) {
  scratch <- normalizePath(scratch)
  setwd(file.path(scratch, "work"))
  use_fonts()
  use_mends()
  preload(character())
  guard_device_option()
  prepare_worker(scratch)
  .Call(C_report_to, report)
  request <- list(
    code = charToRaw(paste(code, collapse = "\n")), format = format, width = width,
    height = height, dpi = dpi, seed = seed, transcript = FALSE, file_bytes = Inf
  )
  prepare_run(request, scratch)
}
