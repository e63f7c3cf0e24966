# Functions that a package or R itself put before the one that the script means.

# Where a common verb on data frames is another package's function: the failing expression, and the call R names, are
# searched for it.
masked_hint <- function(expression, call) {
  called <- unique(c(called_name(call), called_in(expression)))
  for (name in intersect(called, names(verb_homes))) {
    home <- verb_homes[[name]]
    owner <- owner_of(name)
    if (owner %in% c("", home) || !is_installed(home)) next
    return(paste0("'", name, "' is the function of package '", owner, "' here: write ", home, "::", name, "()."))
  }
}

called_in <- function(expression) {
  names <- character()
  each_call(expression, function(call) if (is.symbol(call[[1]])) names <<- c(names, as.character(call[[1]])))
  names
}

# The package whose function a name finds from the top level; "" where it is the script's own, or none.
owner_of <- function(name) {
  f <- get0(name, globalenv(), mode = "function")
  if (is.null(f) || is.primitive(f)) return("")
  home <- topenv(environment(f))
  if (isNamespace(home)) getNamespaceName(home)[[1]] else ""
}

verb_homes <- local({
  homes <- list()
  homes[c(
    "select", "filter", "rename", "mutate", "transmute", "summarise", "summarize", "arrange", "count", "slice", "lag",
    "lead", "recode", "first", "last", "between", "distinct", "group_by", "coalesce", "combine", "id"
  )] <- "dplyr"
  homes[c("extract", "expand", "complete", "nest", "unnest", "separate", "fill")] <- "tidyr"
  homes[c("annotate", "alpha", "%+%", "margin")] <- "ggplot2"
  homes[c("discard", "map", "reduce", "compact", "transpose", "some", "every")] <- "purrr"
  homes
})

# "object of type 'closure' is not subsettable": the name is a function, because the script made no data of that name.
function_as_data_hint <- function(expression, call) {
  for (one in c(list(call), calls_of(expression, c("$", "[", "[[", "@")))) {
    if (!is.call(one) || !called_name(one) %in% c("$", "[", "[[", "@") || !is.symbol(one[[2]])) next
    name <- as.character(one[[2]])
    if (is.function(get0(name, globalenv()))) {
      return(paste0("'", name, "' is a function here, because no data of that name was made: assign it first."))
    }
  }
}
