/* The warnings of the expression now evaluated, as R's own loop keeps and prints them.
 *
 * Runs in a worker while its script does, on R's stack. */
#include "harness/harness.h"

#include <stdio.h>

/* As many as R keeps unless options(nwarnings =) says otherwise. */
enum { WARNINGS_MAX = 50 };

static struct {
    SEXP calls, messages; /* preserved */
    int count;
    bool deferred; /* R would print them when the expression is over */
} warned;

/* Keeps a warning for `last.warning`. `message` is a CHARSXP, and `call` is language or NULL. */
void keep_warning(SEXP message, SEXP call, bool deferred) {
    if (warned.calls == NULL) {
        R_PreserveObject(warned.calls = Rf_allocVector(VECSXP, WARNINGS_MAX));
        R_PreserveObject(warned.messages = Rf_allocVector(STRSXP, WARNINGS_MAX));
    }
    warned.deferred = warned.deferred || deferred;
    if (warned.count == WARNINGS_MAX)
        return;
    SET_VECTOR_ELT(warned.calls, warned.count, call);
    SET_STRING_ELT(warned.messages, warned.count++, message);
}

/* An expression is over: its warnings become `last.warning`, and those that were put off are
 * printed. */
void settle_warnings(void) {
    if (warned.count == 0)
        return;
    SEXP list = PROTECT(Rf_lengthgets(warned.calls, warned.count));
    SEXP names = PROTECT(Rf_lengthgets(warned.messages, warned.count));
    Rf_setAttrib(list, R_NamesSymbol, names);
    set_in_base("last.warning", list);
    UNPROTECT(2);
    bool deferred = warned.deferred;
    warned.count = 0;
    warned.deferred = false;
    if (!deferred)
        return;
    SEXP call = PROTECT(Rf_lang1(harness_function("show_warnings")));
    call_quietly(call);
    UNPROTECT(1);
}
