# Prints what lintr finds in the project's R, by a small set of rules; see scripts/lint.
rules <- lintr::linters_with_defaults(
  line_length_linter = lintr::line_length_linter(150),
  # They judge design, or know nothing of what the package's C calls.
  cyclocomp_linter = NULL, object_usage_linter = NULL, object_name_linter = NULL,
  # Comments show what a script may hold, and tables name R's own symbols.
  commented_code_linter = NULL, T_and_F_symbol_linter = NULL,
  # It takes `quote(expr = )` for a slip.
  spaces_inside_linter = NULL,
  # Scripts within strings use the other kind.
  single_quotes_linter = NULL
)
folders <- c("r-bootstrap/R", "r-bootstrap/inst", "r-bootstrap/tests")
files <- list.files(folders, "[.]R$", recursive = TRUE, full.names = TRUE)
cache <- file.path("out", "lintr")
dir.create(cache, recursive = TRUE, showWarnings = FALSE)
found <- unlist(lapply(c(files, "scripts/lint.R"), lintr::lint, linters = rules, cache = cache), recursive = FALSE)
for (one in found) cat(sprintf("%s:%d: %s\n", one$filename, one$line_number, one$message))
quit(status = if (length(found)) 1L else 0L)
