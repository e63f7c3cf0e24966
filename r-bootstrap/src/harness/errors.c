/* The error that ends a script: kept until R has really unwound for it, then reported.
 *
 * Runs in a worker, called from a handler on R's stack and when the script has failed. */
#include "harness/harness.h"

#include <R_ext/Error.h>
#include <stdio.h>
#include <string.h>

#include "wire/wire.h"

enum { CLASSES_MAX = 20 };

static struct noted_error noted = {.exit_code = -1};
static char printed[2 * MESSAGE_MAX];

static void keep_error(SEXP condition, SEXP origin) {
    SEXP both = PROTECT(Rf_list2(condition, origin));
    R_PreserveObject(both);
    UNPROTECT(1);
    noted.condition = condition;
    noted.frames = list_element(origin, "frames");
    noted.message = first_string(list_element(origin, "message"));
    noted.own_words = Rf_asLogical(list_element(origin, "own")) == TRUE;
    noted.signalled = Rf_asLogical(list_element(origin, "signalled")) == TRUE;
}

/* Called by R for every condition of class error that nothing in the script has caught so far. That
 * is not yet the outcome: it may only have been signalled. */
SEXP rampart_note_error(SEXP condition) {
    keep_error(condition, R_NilValue);
    SEXP quoted = PROTECT(Rf_lang2(R_QuoteSymbol, condition));
    SEXP call = PROTECT(Rf_lang2(harness_function("origin"), quoted));
    SEXP origin = PROTECT(call_quietly(call));
    keep_error(condition, origin);
    UNPROTECT(3);
    return R_NilValue;
}

/* Forgets an error that was signalled in an expression that went on. */
void forget_error(void) {
    noted.condition = noted.frames = noted.message = R_NilValue;
    noted.own_words = noted.signalled = false;
}

const struct noted_error *noted_error(void) {
    return &noted;
}

const char *printed_error(void) {
    return printed;
}

/* What R printed of the error: "Error in f(x) : " goes, for message and call have their own keys.
 */
static const char *printed_message(void) {
    const char *text = printed;
    if (strncmp(text, "Error", 5) != 0)
        return text;
    const char *colon = strstr(text, strncmp(text, "Error in ", 9) == 0 ? " : " : ": ");
    if (colon == NULL)
        return text;
    colon += colon[0] == ' ' ? 3 : 2;
    while (*colon == ' ' || *colon == '\n')
        colon++;
    return colon;
}

/* R runs no handler for an error that finds its stack full, and names it by these. */
static const struct overflow {
    const char *words, *class;
} overflows[] = {
    {"evaluation nested too deeply", "expressionStackOverflowError"},
    {"C stack usage", "CStackOverflowError"},
    {"node stack overflow", "nodeStackOverflowError"},
    {"protect(): protection stack overflow", "protectStackOverflowError"},
};

/* Returns what overflowed by what R printed, or NULL. */
static const struct overflow *printed_overflow(void) {
    for (size_t i = 0; i < sizeof overflows / sizeof overflows[0]; i++)
        if (strstr(printed, overflows[i].words) != NULL)
            return &overflows[i];
    return NULL;
}

static bool hears_errors(void) {
    SEXP call = PROTECT(Rf_lang1(harness_function("handlers")));
    SEXP handlers = PROTECT(call_quietly(call));
    bool hears = list_element(handlers, "error") != R_NilValue;
    UNPROTECT(2);
    return hears;
}

/* R's text is that of an earlier error where none came to the handlers: the script jumped to the
 * top by itself. Where it took the handlers away, or R was too short of memory to call them, there
 * was one. */
static bool was_aborted(void) {
    return printed_overflow() == NULL && limit_behind(printed) == NULL && hears_errors();
}

static void put_classes(SEXP condition) {
    SEXP classes = condition == R_NilValue ? R_NilValue : Rf_getAttrib(condition, R_ClassSymbol);
    json_key("class");
    json_open('[');
    if (TYPEOF(classes) == STRSXP)
        for (R_xlen_t i = 0; i < Rf_xlength(classes) && i < CLASSES_MAX; i++)
            json_charsxp(STRING_ELT(classes, i), 100);
    if (classes == R_NilValue && !noted.aborted) {
        const struct overflow *overflow = printed_overflow();
        if (overflow != NULL) {
            json_text(overflow->class, strlen(overflow->class), 100);
            json_text("stackOverflowError", 18, 100);
        }
        json_text("error", 5, 5);
        json_text("condition", 9, 9);
    }
    json_close(']');
}

static void put_plain(SEXP text) {
    const char *bytes = Rf_translateCharUTF8(text);
    json_plain_text(bytes, strlen(bytes), MESSAGE_MAX);
}

static void put_list(const char *key, SEXP list) {
    json_key(key);
    json_open('[');
    if (TYPEOF(list) == VECSXP)
        for (R_xlen_t i = 0; i < Rf_xlength(list); i++)
            json_value(VECTOR_ELT(list, i));
    else if (TYPEOF(list) == STRSXP)
        for (R_xlen_t i = 0; i < Rf_xlength(list); i++)
            put_plain(STRING_ELT(list, i));
    json_close(']');
}

/* Settles which error ended the script, while R still has its own text of it. */
void settle_error(void) {
    snprintf(printed, sizeof printed, "%s", R_curErrorBuf());
    if (noted.signalled)
        forget_error();
    bool has_quit = noted.exit_code >= 0;
    noted.aborted = noted.condition == R_NilValue && (has_quit || was_aborted());
    if (noted.aborted && has_quit)
        snprintf(printed, sizeof printed, "the script ended itself with quit(status = %d)",
                 noted.exit_code);
    else if (noted.aborted)
        snprintf(printed, sizeof printed, "the script was stopped by invokeRestart(\"abort\")");
}

/* Whether an error was raised that nothing in the script has caught. */
bool is_error_raised(void) {
    return noted.condition != R_NilValue && !noted.signalled;
}

/* The script ended itself with a status that is no success. `cause` is the error that it was
 * handling, or NULL. */
void note_quit(int status, SEXP cause) {
    noted.exit_code = status;
    if (is_error_raised())
        return;
    forget_error();
    if (cause != R_NilValue)
        keep_error(cause, R_NilValue);
    noted.own_words = true; /* the script made this end of it */
}

/* Returns a CHARSXP. */
static SEXP error_message(void) {
    if (noted.condition == R_NilValue)
        return Rf_mkCharCE(printed_message(), CE_UTF8);
    return noted.message != R_NilValue ? noted.message : condition_message(noted.condition);
}

/* What the script worded itself is no refusal, whatever it says. */
static const char *limit_behind_error(SEXP message) {
    if (noted.own_words || noted.aborted)
        return NULL;
    if (strcmp(CHAR(message), "cannot open the connection") == 0)
        return limit_behind(CHAR(last_warning()));
    return limit_behind(CHAR(message));
}

static void put_limit(const char *limit) {
    if (limit == NULL)
        return;
    json_key("limit");
    json_text(limit, strlen(limit), SIZE_MAX);
}

static void put_runtime_error(SEXP message, SEXP frames, SEXP hints) {
    SEXP condition = noted.condition;
    frame_begin(RAMPART_FRAME_ERROR);
    json_key("error");
    json_open('{');
    json_key("kind");
    json_text("runtime", 7, 7);
    put_message(message);
    put_classes(condition);
    put_call(condition == R_NilValue ? R_NilValue : condition_call(condition));
    json_key("line");
    json_int(current_line());
    json_key("column");
    json_null();
    put_list("traceback", frames);
    put_list("hints", hints);
    if (noted.exit_code >= 0) {
        json_key("exitCode");
        json_int(noted.exit_code);
    }
    json_close('}');
    put_limit(limit_behind_error(message));
}

static void note_what_masked(void) {
    SEXP call = noted.condition == R_NilValue ? R_NilValue : condition_call(noted.condition);
    if (call != R_NilValue)
        note_masking(CHAR(PROTECT(call)));
    else
        PROTECT(call);
    UNPROTECT(1);
}

/* Tells of the error that ended the script. `hints` is a character vector, or R_NilValue. */
void report_error(SEXP hints) {
    SEXP message = PROTECT(error_message());
    note_what_masked();
    put_runtime_error(message, noted.frames, hints);
    if (!frame_send(true)) {
        put_runtime_error(message, R_NilValue, R_NilValue);
        frame_send(true);
    }
    UNPROTECT(1);
}
