# What the harness keeps between the preparation of a run and its end.
#
# source: the srcfile of the script; local_names: what the failing functions knew by name; first_font:
# families already looked up.
state <- new.env(parent = emptyenv())
