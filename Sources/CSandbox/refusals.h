/* Kernel calls that a test has refused; see rampart_refuse. In a release build there are none. */
#ifndef RAMPART_REFUSALS_H
#define RAMPART_REFUSALS_H

#include "rampart_sandbox.h"

#include <stdbool.h>

#ifdef DEBUG
/* Whether this thread is refused the call; errno says so then. */
bool is_refused(enum rampart_call call);
#else
static inline bool is_refused(enum rampart_call call) {
    (void)call;
    return false;
}
#endif

#endif
