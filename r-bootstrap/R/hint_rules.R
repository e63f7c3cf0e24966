# Each rule: what R or a package says, and what to answer. The pattern's groups come as `found`.
hint_rules <- list(
  list(
    pattern = "object ['\u2018]([^'\u2019]+)['\u2019] not found",
    hint = function(found, expression, call) object_hint(found, expression)
  ),
  list(
    pattern = "could not find function \"([^\"]+)\"",
    hint = function(found, expression, call) function_hint(found)
  ),
  list(
    pattern = "there is no package called ['\u2018]([^'\u2019]+)['\u2019]",
    hint = function(found, expression, call) packages_hint(found)
  ),
  list( # rlang::check_installed(), and packages in their own words
    pattern = "(?s)^(?=.*[Pp]ackage)(?=.*(?:install|requir|need|missing|not found|available|load))(.*)$",
    hint = function(found, expression, call) {
      told <- packages_told_of(found)
      if (length(told)) packages_hint(told)
    }
  ),
  list(
    pattern = "(?:[Cc]olumns?|variables?:?|[Cc]olumn names?) [`'\u2018]([^`'\u2019]+)[`'\u2019]",
    hint = function(found, expression, call) column_hint(found, expression)
  ),
  list(
    pattern = "Join columns must be present|must be present in the data",
    hint = function(found, expression, call) columns_sentence(columns_in(expression))
  ),
  list(
    pattern = "'([^']+)' is not an exported object from 'namespace:([^']+)'",
    hint = function(found, expression, call) export_hint(found[[1]], found[[2]])
  ),
  list(
    pattern = "undefined columns selected",
    hint = function(found, expression, call) column_hint(strings_in(expression), expression)
  ),
  list(
    pattern = "unused arguments? \\(([A-Za-z0-9._]+) =",
    hint = function(found, expression, call) argument_hint(found, call)
  ),
  list(
    pattern = paste0(
      "[`'\u2018]([A-Za-z0-9._]+)[`'\u2019] theme element is not defined|",
      "[Tt]heme element [`'\u2018]([A-Za-z0-9._]+)[`'\u2019] is not defined"
    ),
    hint = function(found, expression, call) newer_hint(paste(found, collapse = ""))
  ),
  list(
    pattern = "object of type 'closure' is not subsettable|no applicable method for [`']@[`'] applied to .*function",
    hint = function(found, expression, call) function_as_data_hint(expression, call)
  ),
  list(
    pattern = paste0(
      "non-numeric argument|must be numeric|[Dd]iscrete values? supplied to (?:a )?continuous|not meaningful for factors|",
      "invalid 'type' \\(character\\)|not numeric|non-numeric variable|numeric or complex"
    ),
    hint = function(found, expression, call) number_as_text_hint(expression)
  ),
  list(
    pattern = "invalid multibyte|input string [0-9]+ is invalid|invalid (?:in this locale|UTF-8|input found)|not valid UTF-8|invalid string",
    hint = function(found, expression, call) {
      if (is.null(misread_files(state$script))) {
        "A text is not UTF-8. Read its file with its encoding: read.csv(file, fileEncoding = \"latin1\")."
      }
    }
  ),
  list(
    pattern = paste0(
      "(?:cannot|could not) open (?:compressed )?file '([^'\n]*)'|cannot open the connection(?!\ncannot open)|",
      "does not exist in current working directory|No such file|[Ff]ile '([^']*)' does not exist|",
      "`path` does not exist"
    ),
    hint = function(found, expression, call) files_hint(paste(found, collapse = ""), expression)
  ),
  list(
    pattern = paste0(
      "cannot open URL|internet routines|[Cc]ould ?n[o']t? resolve host|cannot be resolved|",
      "no network|getaddrinfo|[Uu]nable to resolve host|Failed to connect|Timeout was reached|",
      "cannot open the connection to 'https?:|cannot connect to"
    ),
    hint = function(found, expression, call) {
      if (any(process_starters %in% called_in_full(expression))) one_process_hint else network_hint
    }
  ),
  list(
    pattern = "error in running command|cannot popen|cannot open pipe\\(\\)|cannot start process|processx_exec",
    hint = function(found, expression, call) no_shell_hint
  ),
  list(
    pattern = "cannot fork|unable to fork|[Cc]luster (?:setup|creation) failed|creation of server socket failed",
    hint = function(found, expression, call) one_process_hint
  ),
  list(
    pattern = "RStudio (?:is )?not running|RStudio API|rstudioapi",
    hint = function(found, expression, call) {
      paste(
        "There is no RStudio here. The inputs lie in the working directory already: leave setwd() and rstudioapi out,",
        "and use plain file names."
      )
    }
  ),
  list(
    pattern = "cannot change working directory",
    hint = function(found, expression, call) {
      "The inputs lie in the working directory already, and no other is of use: leave setwd() out."
    }
  ),
  list(
    pattern = paste0(
      "should not open a graphics device|unable to open connection to X11|",
      "function \"(?:windows|quartz|win\\.graph|x11|X11)\""
    ),
    hint = function(found, expression, call) {
      "Every plot is kept as a chart without a device of the script's own: leave this call out."
    }
  ),
  list(
    pattern = "cannot shut down device 1",
    hint = function(found, expression, call) {
      "No device is open: every plot is kept as a chart without dev.off(), so leave it out."
    }
  ),
  list(
    pattern = "[Ff]ailed to create server|httpuv|startServer|shiny\\.appobj|[Nn]o Shiny application",
    hint = function(found, expression, call) shiny_hint
  ),
  list(
    pattern = paste0(
      "unable to start data viewer|dataentry cannot be loaded|unable to open display|requires an interactive|",
      "cannot be used non-interactively|file choice cancelled|interactive (?:session|mode|use)|non-interactive|\\[tcl\\]"
    ),
    hint = function(found, expression, call) {
      hint <- unanswered_hint()
      if (is.null(hint)) nobody_hint else hint
    }
  ),
  list(
    pattern = "pandoc",
    hint = function(found, expression, call) {
      "There is no pandoc here, so no document can be rendered: print the plots, tables and widgets themselves."
    }
  ),
  list(
    pattern = "nested too deeply|C stack usage|node stack overflow",
    hint = function(found, expression, call) "A function calls itself without an end."
  ),
  list(
    pattern = "without setting a mirror|unable to install packages|is not writable",
    hint = function(found, expression, call) packages_or_none()
  )
)
