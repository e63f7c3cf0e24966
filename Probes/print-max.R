# expect: limit.output — options(max.print) is the script's to lift
# unconfined: floods
options(max.print = .Machine$integer.max); print(1:2e7)
