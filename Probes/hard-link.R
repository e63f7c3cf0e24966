# expect: denied — no second name for a file, under which it could be collected or kept
# unconfined: breach
writeLines("x", "one.txt")
cat(if (suppressWarnings(file.link("one.txt", "two.txt"))) "BREACH" else "held", "\n")
