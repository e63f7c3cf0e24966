# expect: denied — R lends the C library to scripts: system() is one .C() away
# unconfined: breach
dyn.load(Sys.glob("/usr/lib/*/libc.so.6")[1])
invisible(.C("system", charToRaw("echo BREACH shell; touch shell-was-here\n")))
cat(if (file.exists("shell-was-here")) "BREACH" else "held", "\n")
