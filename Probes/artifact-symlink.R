# expect: denied — links are never followed: no file of the host, the image or /proc is uploaded
# unconfined: breach
for (t in c("/etc/passwd", "/proc/self/environ", "/proc/1/environ", "../../../../etc/hostname", "/dev/zero", "."))
  cat(if (suppressWarnings(file.symlink(t, paste0("link-", basename(t), ".png")))) "BREACH" else "held", t, "\n")
