# expect: limit.output — 1 GB of lines; the kept part is bounded, the host's memory too, and no deadlock on a full pipe
# unconfined: floods
for (i in 1:1e6) cat(strrep("x", 1000), "\n")
