# expect: denied — threads are counted: pango needs some, nobody needs 200
# unconfined: breach
dyn.load("probes.so")
made <- .C("start_threads", 200L, 0L)[[2]]
cat(if (made == 200) "BREACH" else "held", made, "threads\n")
