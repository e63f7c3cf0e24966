# expect: denied — or, where signals cannot be refused, nothing: the zygote heeds none, and hands none on to the next run
# unconfined: breach
dyn.load("probes.so")
parent <- .C("own_parent", 0L)[[1]]
signals <- c(2L, 1L, 3L, 10L, 12L, 13L, 14L, 15L, 20L, 21L, 22L, 34L)
sent <- vapply(signals, function(signal) tools::pskill(parent, signal), NA)
cat(if (any(sent)) "BREACH signalled" else "held", signals[sent], "\n")
