# Let geom_smooth load mgcv only for a smooth that is made with it. ggplot2 compares every method with
# mgcv::gam, and mgcv brings nlme and Matrix: half a second and a hundred megabytes, in each run anew.
# A package that is not loaded is nobody's method.
spare_mgcv <- function() {
  if (!isNamespaceLoaded("ggplot2")) return(invisible(FALSE))
  stat <- getExportedValue("ggplot2", "StatSmooth")
  compute <- get0("compute_group", stat, inherits = FALSE)
  compared <- quote(identical(method, mgcv::gam))
  guarded <- call("&&", quote(isNamespaceLoaded("mgcv")), compared)
  code <- replace_call(body(compute), compared, guarded)
  if (identical(code, body(compute))) return(invisible(FALSE))
  body(compute) <- code
  assign("compute_group", compiler::cmpfun(compute), envir = stat)
  invisible(TRUE)
}

# `code` with one call in it, wherever it stands, in the place of another.
replace_call <- function(code, old, new) {
  if (identical(code, old)) return(new)
  if (!is.call(code)) return(code)
  for (i in seq_along(code)) {
    if (!identical(code[[i]], quote(expr = ))) code[[i]] <- replace_call(code[[i]], old, new)
  }
  code
}
