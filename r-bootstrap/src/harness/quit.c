/* quit(): a script that ends itself is told from a process that dies.
 *
 * R comes here from quit() and its kin, wherever they are called, and when it gives up. Runs in a
 * worker, on R's stack. */
#include "harness/harness.h"

#include <R_ext/RStartup.h>

#include "wire/wire.h"

/* Where an R hides it, a quit() is a death like any other. */
extern void (*ptr_R_CleanUp)(SA_TYPE, int, int) __attribute__((weak));

/* Neither .Last nor a finalizer runs, and no workspace is saved. */
static void clean_up(SA_TYPE action, int status, int run_last) {
    (void)run_last;
    if (action == SA_SUICIDE)
        leave(status);
    end_by_quit(status & 0xff); /* as much as the kernel keeps of it */
}

/* Has R end the run where it would end its process. */
void heed_quit(void) {
    if (&ptr_R_CleanUp != NULL)
        ptr_R_CleanUp = clean_up;
}
