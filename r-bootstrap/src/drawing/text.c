/* Text as it is drawn: every font family is asked for once, whether it is there.
 *
 * Runs in a worker while its script draws, on R's stack. */
#include "drawing/drawing.h"

#include <R_ext/Print.h>
#include <stdio.h>
#include <string.h>

#include "harness/harness.h"

enum { FAMILIES_MAX = 64, FAMILY_BYTES = 201 };

/* Asks once for every family, whether it is there. */
static void check_family(const char *family) {
    static char known[FAMILIES_MAX][FAMILY_BYTES];
    static int count;
    for (int i = 0; i < count; i++)
        if (strcmp(known[i], family) == 0)
            return;
    if (count == FAMILIES_MAX)
        return;
    snprintf(known[count++], FAMILY_BYTES, "%s", family);
    SEXP name = PROTECT(Rf_ScalarString(Rf_mkCharCE(family, CE_UTF8)));
    SEXP call = PROTECT(Rf_lang2(harness_function("font"), name));
    SEXP text = PROTECT(call_quietly(call));
    if (TYPEOF(text) == STRSXP && LENGTH(text) == 1) {
        note_text("warning", CHAR(STRING_ELT(text, 0)));
        REprintf("Warning: %s\n", CHAR(STRING_ELT(text, 0)));
    }
    UNPROTECT(3);
}

void draw_text(double x, double y, const char *text, double rotation, double adjust,
               const pGEcontext gc, pDevDesc dev) {
    check_family(gc->fontfamily);
    find_device(dev)->text(x, y, text, rotation, adjust, gc, dev);
}

void draw_text_utf8(double x, double y, const char *text, double rotation, double adjust,
                    const pGEcontext gc, pDevDesc dev) {
    check_family(gc->fontfamily);
    find_device(dev)->text_utf8(x, y, text, rotation, adjust, gc, dev);
}
