# What the harness keeps between the preparation of a run and its end.
#
# source: the srcfile of the script, and script its expressions; local_names: what the failing functions knew by name;
# open_device: what opens a device for charts, and open_png one for a page that is too large as SVG;
# charts: the folder that charts go to, and file_bytes the most that a file may have; began: when; silent: warnings by
# which layers were left out; said_one_process: whether the script knows that it is one process;
# cut: whether what was shown of the value is not all.
state <- new.env(parent = emptyenv())
