# expect: limit.wall — options(error=) is code; an error under it may never come back (error is as good if the harness resets it)
# unconfined: overruns
options(error = quote(repeat Sys.sleep(1)))
stop("boom")
