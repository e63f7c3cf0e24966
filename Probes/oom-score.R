# expect: denied — R's score, by which the kernel chooses whom to kill where memory runs out, cannot be lowered
# unconfined: breach
set <- function(score) {
  system(sprintf("sh -c 'echo %s > /proc/self/oom_score_adj && cat /proc/self/oom_score_adj' 2>&1", score), intern = TRUE)
}
own <- function(score) {
  suppressWarnings({ cat(score, file = "/proc/self/oom_score_adj"); readLines("/proc/self/oom_score_adj") })
}
scores <- unlist(lapply(list(own, set), function(f) tryCatch({ f(900); f(0) }, error = function(e) "refused", warning = function(w) "refused")))
cat(if (any(scores == "0")) "BREACH" else "held", scores, "\n")
