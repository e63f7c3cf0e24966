# expect: limit.output — the same on stderr, with conditions; counts of conditions are bounded too
# unconfined: floods
for (i in 1:2e5) { message("m ", i, strrep("y", 500)); warning("w ", i) }
