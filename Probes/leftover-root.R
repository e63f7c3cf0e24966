# expect: harmless — nothing is left for the next run in the host's own folder, nor in the zygote's; run twice
# unconfined: breach
root <- dirname(dirname(getwd()))
for (folder in c(root, list.dirs(root, recursive = FALSE))) {
  file <- file.path(folder, ".left-in-the-root")
  if (file.exists(file)) cat("BREACH left over in", folder, "\n")
  cat(folder, if (suppressWarnings(file.create(file))) "written" else "refused", "\n")
}
