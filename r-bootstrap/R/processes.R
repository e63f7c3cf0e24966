# A script is one process. What asks how many there may be is told so; what would start others says so at
# once, or does its work in this one.

mend_parallel <- function() {
  replace_function("parallel", "detectCores", function(original) function(all.tests = FALSE, logical = TRUE) 1L)
  for (name in c("mclapply", "mcmapply", "pvec")) {
    replace_function("parallel", name, function(original) in_one_process(original, name))
  }
  for (name in c("makeCluster", "makePSOCKcluster", "makeForkCluster")) refuse_processes("parallel", name)
}

mend_parallelly <- function() {
  replace_function("parallelly", "availableCores", function(original) function(...) c(system = 1L))
  replace_function("parallelly", "supportsMulticore", function(original) function(...) FALSE)
  for (name in c("makeClusterPSOCK", "makeNodePSOCK")) refuse_processes("parallelly", name)
}

mend_future <- function() {
  replace_function("future", "plan", function(original) {
    preceded_by(original, function(strategy) {
      for (plan in if (is.list(strategy)) strategy else list(strategy)) {
        kinds <- if (is.character(plan)) plan else class(plan)
        refused <- intersect(c("multisession", "cluster", "callr"), kinds)
        if (length(refused)) refuse(sprintf("plan(%s)", refused[[1]]))
      }
    }, "strategy")
  })
}

# `original` on one core, which is how it works without other processes; it says so once where more were asked for.
in_one_process <- function(original, name) {
  force(name)
  one_core <- function(cores) {
    if (!identical(as.integer(cores), 1L) && !isTRUE(state$said_one_process)) {
      state$said_one_process <- TRUE
      message(name, "() works in one process here, as lapply() does: a script can start no other.")
    }
    1L
  }
  reset <- list(call("<-", quote(mc.cores), as.call(list(one_core, quote(mc.cores)))))
  if ("affinity.list" %in% names(formals(original))) {
    reset <- c(reset, call("<-", quote(affinity.list), NULL))
  }
  body(original) <- as.call(c(as.name("{"), reset, body(original)))
  original
}

refuse_processes <- function(package, name) {
  force(name)
  replace_function(package, name, function(original) function(...) refuse(paste0(name, "()")))
}

refuse <- function(what) {
  stop("cluster creation failed: ", what, " would start other R processes, and a script is one process", call. = FALSE)
}

# A program that cannot be started is no lack of memory, though the C library says so.
mend_commands <- function() {
  for (name in c("system", "system2")) {
    replace_function("base", name, function(original) {
      with_conditions_reworded(original, function(text) sub("Cannot allocate memory", no_program, text, fixed = TRUE))
    })
  }
  replace_function("base", "Sys.which", function(original) {
    function(names) if (can_start_programs()) original(names) else structure(rep("", length(names)), names = names)
  })
  replace_function("base", "pipe", function(original) {
    preceded_by(original, function(description) {
      if (can_start_programs()) return()
      stop("cannot open pipe() cmd '", description, "': ", no_program, call. = FALSE)
    }, "description")
  })
}

no_program <- "no program can be started from a script"

can_start_programs <- function() {
  suppressWarnings(tryCatch(system("exit 0", ignore.stdout = TRUE, ignore.stderr = TRUE) == 0L, error = function(e) FALSE))
}
