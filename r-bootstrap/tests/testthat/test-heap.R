test_that("a heap that is replaced holds what it held", {
  run <- run_script(c(
    "x <- lapply(1:2e5, function(i) c(i, -i))",
    "for (routine in c('settle_heap', 'own_heap', 'fill_heap')) .Call(asNamespace('rampart')[[paste0('C_', routine)]])",
    "invisible(gc())",
    "sum(vapply(x, `[[`, 1L, 1L)) == sum(1:2e5) && sum(unlist(x)) == 0"
  ))
  expect_identical(outcome(run), "completed")
  expect_identical(run$out, "[1] TRUE")
})

test_that("a fork that takes a copy shares its heap no more", {
  # AddressSanitizer has no heap moved.
  skip_if(grepl("asan", Sys.getenv("LD_PRELOAD")))
  run <- run_script(c(
    "x <- lapply(1:5e5, function(i) c(i, -i))",
    "invisible(.Call(rampart:::C_settle_heap))",
    "private <- function() {",
    "  lines <- readLines('/proc/self/smaps_rollup')",
    "  as.numeric(gsub('[^0-9]', '', grep('^Private_Dirty', lines, value = TRUE))) / 1024",
    "}",
    "child <- parallel::mcparallel({ before <- private(); .Call(rampart:::C_own_heap); private() - before })",
    "parallel::mccollect(child)[[1]] > 40"
  ))
  expect_identical(run$out, "[1] TRUE")
})
