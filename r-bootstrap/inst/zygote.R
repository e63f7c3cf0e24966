# What the host starts R with. serve() returns once in each worker, and never in the zygote. The
# script is evaluated from here, below no function of ours, so that sys.nframe() is 0 at its top.
.Call(rampart:::C_evaluate, rampart:::serve())
