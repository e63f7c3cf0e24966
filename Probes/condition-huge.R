# expect: error — a 50 MB condition message is truncated in the envelope, and marked as such
# unconfined: ends
stop(strrep("e", 5e7), call. = FALSE)
