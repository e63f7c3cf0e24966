/* Ways to the network that libraries open for R code, shut in the zygote: no R function opens them
 * again. Machine code is not stopped by this. */
#define _GNU_SOURCE
#include "confine/confine.h"

#include <dlfcn.h>
#include <nss.h>

typedef void *(*entity_loader)(const char *address, const char *id, void *context);

/* libxml2, which reads documents for xml2, fetches what one names by HTTP. It has a loader of its
 * own that does not. Opened here it is the one that xml2 is linked to later. */
static void keep_libxml2_offline(void) {
    static const char *const versions[] = {"libxml2.so.2", "libxml2.so.16"};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        void *library = dlopen(versions[i], RTLD_NOW);
        if (library == NULL)
            continue;
        void (*use)(entity_loader) =
            (void (*)(entity_loader))dlsym(library, "xmlSetExternalEntityLoader");
        entity_loader offline = (entity_loader)dlsym(library, "xmlNoNetExternalEntityLoader");
        if (use != NULL && offline != NULL)
            use(offline);
    }
}

/* Called by R in the zygote. Names are looked up in /etc/hosts alone, for a query to a name server
 * carries what a script puts into the name; see nss(5). */
SEXP rampart_stay_offline(void) {
    __nss_configure_lookup("hosts", "files");
    keep_libxml2_offline();
    return R_NilValue;
}
