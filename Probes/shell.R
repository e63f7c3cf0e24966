# expect: denied — no shell, no program: system, system2, pipe and shell() all fail
# unconfined: breach
for (f in list(function() system("echo BREACH system", intern = TRUE), function() system2("echo", "BREACH system2", stdout = TRUE),
               function() readLines(pipe("echo BREACH pipe"))))
  print(tryCatch(f(), error = function(e) "held", warning = function(w) "held"))
