/* What every part of the harness asks of the run: where it is, and the R functions that it brought.
 *
 * Runs in a worker while its script does, on R's stack. */
#include "harness/harness.h"

#include <string.h>

#include "wire/wire.h"

/* Not in every R's interface. */
extern void SET_SYMVALUE(SEXP symbol, SEXP value) __attribute__((weak));

static struct {
    SEXP run; /* a list; see R/run.R */
    int line;
} current;

/* Keeps the run for good. */
void begin_run(SEXP run) {
    current.run = run;
    R_PreserveObject(run);
    current.line = 1;
}

/* A top-level expression begins at this line, from 1. */
void begin_line(int line) {
    current.line = line;
    tell_line(line);
}

/* Returns where the top-level expression now evaluated begins, in lines from 1. */
int current_line(void) {
    return current.line;
}

/* Returns the element of a list by its name; R_NilValue if there is none. */
SEXP list_element(SEXP list, const char *name) {
    if (TYPEOF(list) != VECSXP)
        return R_NilValue;
    SEXP names = Rf_getAttrib(list, R_NamesSymbol);
    for (R_xlen_t i = 0; i < Rf_xlength(names); i++)
        if (strcmp(CHAR(STRING_ELT(names, i)), name) == 0)
            return VECTOR_ELT(list, i);
    return R_NilValue;
}

SEXP run_element(const char *name) {
    return list_element(current.run, name);
}

/* Returns one of the functions that the run brought, by the name it has there. */
SEXP harness_function(const char *name) {
    return list_element(run_element("functions"), name);
}

/* Evaluates a call without printing its error. Returns its value, not protected; R_NilValue if it
 * failed. */
SEXP call_quietly(SEXP call) {
    int failed = 0;
    SEXP value = R_tryEvalSilent(call, R_GlobalEnv, &failed);
    return failed || value == NULL ? R_NilValue : value;
}

/* Returns a CHARSXP: the first element of a character vector; R_NilValue of anything else. */
SEXP first_string(SEXP value) {
    return TYPEOF(value) == STRSXP && Rf_xlength(value) > 0 ? STRING_ELT(value, 0) : R_NilValue;
}

/* Gives a variable of base its value, though base is locked: R's own loop does so too. Where an R
 * hides how, a variable that is not there yet stays unknown. */
void set_in_base(const char *name, SEXP value) {
    SEXP symbol = Rf_install(name);
    if (&SET_SYMVALUE != NULL) {
        SET_SYMVALUE(symbol, value);
    } else if (R_existsVarInFrame(R_BaseEnv, symbol)) {
        R_unLockBinding(symbol, R_BaseEnv);
        Rf_defineVar(symbol, value, R_BaseEnv);
    }
}

/* Called by R: a function of an environment is this one from now on, be its binding locked. */
SEXP rampart_replace(SEXP name, SEXP function, SEXP environment) {
    SEXP symbol = Rf_installChar(STRING_ELT(name, 0));
    R_unLockBinding(symbol, environment);
    Rf_defineVar(symbol, function, environment);
    R_LockBinding(symbol, environment);
    return R_NilValue;
}
