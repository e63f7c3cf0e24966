# expect: limit.output — 500 MB without a newline: a line-buffering reader must not keep it
# unconfined: floods
cat(strrep("x", 5e8))
