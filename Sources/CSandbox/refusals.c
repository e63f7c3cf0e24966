/* Refuses kernel calls as Lambda's filter or a full machine might, where a test asks for it: of one
 * thread, for the tests of a process run side by side. */
#include "refusals.h"

#include <errno.h>

#ifdef DEBUG

static _Thread_local unsigned refused;

int rampart_refuse(unsigned calls) {
    refused = calls;
    return 0;
}

bool is_refused(enum rampart_call call) {
    if ((refused & call) == 0)
        return false;
    errno = EPERM;
    return true;
}

#else

int rampart_refuse(unsigned calls) {
    (void)calls;
    errno = ENOSYS;
    return -1;
}

#endif
