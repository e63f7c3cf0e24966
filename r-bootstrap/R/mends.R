# Functions of packages that cannot do here what they do elsewhere: each is replaced when its package is
# loaded, so that scripts that do not use it pay nothing.

# Register every replacement. Before any package is preloaded: what imports a function takes it as it is then.
use_mends <- function() {
  mend_commands()
  mend_locales()
  for (package in names(package_mends)) {
    if (isNamespaceLoaded(package)) package_mends[[package]]()
    else setHook(packageEvent(package, "onLoad"), local({
      mend <- package_mends[[package]]
      function(...) mend()
    }))
  }
}

# Put a function in the place of a package's own, if the package has it. `make` gets the original.
replace_function <- function(package, name, make) {
  namespace <- if (package == "base") baseenv() else asNamespace(package)
  original <- get0(name, namespace, mode = "function", inherits = FALSE)
  if (!is.null(original)) .Call(C_replace, name, make(original), namespace)
}

# `original` with a call before its body, that of a function of ours: it has the formals that `arguments` name.
preceded_by <- function(original, f, arguments) {
  body(original) <- call("{", as.call(c(f, lapply(arguments, as.name))), body(original))
  original
}

# `original` with other words in the conditions that it signals itself: `reword` gets what they say.
with_conditions_reworded <- function(original, reword) {
  signal <- function(condition, call) {
    if (!is.call(condition$call) || !identical(condition$call[[1]], quote(withCallingHandlers))) return()
    condition$call <- call
    condition$message <- reword(conditionMessage(condition))
    if (inherits(condition, "error")) stop(condition)
    warning(condition)
    tryInvokeRestart("muffleWarning")
  }
  body(original) <- bquote({
    .called <- sys.call()
    withCallingHandlers(
      .(body(original)),
      error = function(e) .(signal)(e, .called), warning = function(w) .(signal)(w, .called)
    )
  })
  original
}

package_mends <- list(
  parallel = function() mend_parallel(),
  parallelly = function() mend_parallelly(),
  future = function() mend_future(),
  htmltools = function() mend_htmltools(),
  htmlwidgets = function() mend_htmlwidgets(),
  jquerylib = function() mend_jquerylib(),
  flextable = function() mend_flextable(),
  kableExtra = function() mend_kable_extra(),
  gt = function() mend_gt(),
  gganimate = function() mend_gganimate()
)
