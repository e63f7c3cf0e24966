# expect: limit.wall — a script may lift R's own time limit; it must not be the one relied on
# unconfined: overruns
setSessionTimeLimit(cpu = Inf, elapsed = Inf); setTimeLimit(cpu = Inf, elapsed = Inf)
t0 <- Sys.time(); while (TRUE) if (Sys.time() - t0 > 600) break
