# Let fontconfig read our rules and the machine's; before anything draws or asks for a font.
use_fonts <- function() {
  if (file.exists("/etc/fonts/fonts.conf") && !nzchar(Sys.getenv("FONTCONFIG_FILE"))) {
    Sys.setenv(FONTCONFIG_FILE = system.file("fonts.conf", package = "rampart"))
  }
}

# A sentence where `family` is not installed, naming what is drawn instead; else NULL.
missing_family <- function(family) {
  generic <- c("", "sans", "serif", "mono", "symbol", "sans-serif", "monospace")
  if (family %in% generic || !is_loadable("systemfonts")) return(NULL)
  if (family %in% systemfonts::registry_fonts()$family) return(NULL)
  used <- matched_family(family)
  if (is.na(used) || tolower(used) == tolower(family)) return(NULL)
  sprintf("the font family '%s' is not installed: '%s' is drawn instead", family, used)
}

matched_family <- function(family) {
  systemfonts <- asNamespace("systemfonts")
  match <- get0("match_fonts", systemfonts, inherits = FALSE)
  if (is.null(match)) match <- systemfonts::match_font
  font <- match(family)
  systemfonts::font_info(path = font$path, index = font$index)$family[[1]]
}
