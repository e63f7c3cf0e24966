# Reading the code of a script without running it.

# Call `visit(call)` for every call in an expression, the outermost first. Code is read to a depth that no person writes.
each_call <- function(code, visit, depth = 200L) {
  if (is.call(code)) visit(code)
  if (depth == 0L || !(is.call(code) || is.expression(code) || is.pairlist(code))) return(invisible())
  parts <- as.list(code)
  for (part in parts[vapply(parts, is_compound, TRUE)]) each_call(part, visit, depth - 1L)
}

is_compound <- function(part) is.call(part) || is.pairlist(part) || is.expression(part)

# What a call, an expression vector or a list of arguments is made of; a missing argument, as in x[1, ], is left out.
call_parts <- function(node) {
  parts <- as.list(node)
  parts[!vapply(parts, identical, TRUE, quote(expr = ))]
}

# "ggplot" for ggplot(...), ggplot2::ggplot(...) and "ggplot"(...); "" for what is called otherwise.
called_name <- function(call) {
  if (!is.call(call)) return("")
  head <- call[[1]]
  if (is.call(head) && length(head) == 3L && called_name(head) %in% c("::", ":::")) head <- head[[3]]
  if (is.symbol(head) || is.character(head)) as.character(head)[[1]] else ""
}

# The calls of functions of these names.
calls_of <- function(code, names) {
  found <- list()
  each_call(code, function(call) if (called_name(call) %in% names) found <<- c(found, list(call)))
  found
}

# An argument by its name or, where no argument has that name, by its place among those without one; else NULL.
argument <- function(call, name, place) {
  arguments <- as.list(call)[-1]
  given <- names(arguments)
  if (is.null(given)) given <- rep("", length(arguments))
  at <- if (name %in% given) match(name, given) else which(!nzchar(given))[place]
  if (is.na(at) || identical(arguments[[at]], quote(expr = ))) NULL else arguments[[at]]
}

# The texts that an expression may come to: those it holds, and those that were assigned to the names in it.
texts_in <- function(expression, code, depth = 3L) {
  if (is.character(expression)) return(as.vector(expression))
  texts <- character()
  each_call(expression, function(call) texts <<- c(texts, unlist(Filter(is.character, call_parts(call)))))
  if (depth == 0L) return(texts)
  for (name in utils::head(all.vars(expression), 10L)) {
    for (source in values_of(name, code)) texts <- c(texts, texts_in(source, code, depth - 1L))
  }
  unique(texts)
}

# The expressions that a script assigns to a name, or lets it run through in a loop.
values_of <- function(name, code) {
  symbol <- as.name(name)
  setters <- Filter(function(call) identical(call[[2]], symbol), calls_of(code, c("<-", "=", "<<-", "for")))
  lapply(Filter(function(call) length(call) >= 3L, setters), `[[`, 3L)
}
