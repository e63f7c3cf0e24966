/* Warnings and messages, which go out as they come.
 *
 * Runs in a worker while its script does, called from handlers on R's stack. */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#include "wire/wire.h"

enum { CONDITIONS_MAX = 200 };

static struct {
    SEXP kind, message, call; /* of the last one, to count its repeats; preserved in `keep` */
    int line;
    long count;    /* how often it came */
    long reported; /* how often the host knows of */
    long sent, unsent;
    SEXP keep;
    SEXP deprecation; /* the last one as an object: lifecycle signals each twice */
    SEXP advice;      /* what to make of the last one, told when it comes no more; or NULL */
} notes;

static SEXP kind_of(SEXP condition) {
    static const char *const deprecations[] = {"deprecatedWarning", "lifecycle_warning_deprecated",
                                               "defunctWarning"};
    for (size_t i = 0; i < sizeof deprecations / sizeof deprecations[0]; i++)
        if (Rf_inherits(condition, deprecations[i]))
            return Rf_mkChar("deprecation");
    return Rf_mkChar(Rf_inherits(condition, "message") ? "message" : "warning");
}

static void send_last(void) {
    frame_begin(RAMPART_FRAME_CONDITION);
    json_key("condition");
    json_open('{');
    json_key("kind");
    json_charsxp(notes.kind, MESSAGE_MAX);
    put_message(notes.message);
    put_call(notes.call);
    json_key("line");
    json_int(notes.line);
    json_key("count");
    json_int(notes.count);
    json_close('}');
    frame_send(false);
    notes.reported = notes.count;
}

static bool same_text(SEXP one, SEXP other) {
    if (one == other)
        return true;
    if (one == R_NilValue || other == R_NilValue)
        return false;
    return strcmp(CHAR(one), CHAR(other)) == 0;
}

static void note(SEXP kind, SEXP message, SEXP call, int line);

/* The host hears of a repeat when another condition comes, or the script ends. */
static void settle_repeats(void) {
    if (notes.count > notes.reported)
        send_last();
    if (notes.advice == NULL)
        return;
    SEXP advice = PROTECT(notes.advice);
    notes.advice = NULL;
    note(PROTECT(Rf_mkChar("warning")), advice, R_NilValue, notes.line);
    UNPROTECT(2);
}

/* The devices that know only Latin-1 warn of every byte that they have no letter for. */
static bool is_of_bytes(SEXP message) {
    static const char *const starts[] = {"conversion failure on '", "font metrics unknown for ",
                                         "font width unknown for "};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (strncmp(CHAR(message), starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static bool is_repeat(SEXP kind, SEXP message, SEXP call, int line) {
    if (notes.count == 0 || line != notes.line || !same_text(kind, notes.kind))
        return false;
    if (is_of_bytes(message) && is_of_bytes(notes.message))
        return true;
    return same_text(message, notes.message) && same_text(call, notes.call);
}

static void note(SEXP kind, SEXP message, SEXP call, int line) {
    if (is_repeat(kind, message, call, line)) {
        notes.count++;
        return;
    }
    if (notes.sent == CONDITIONS_MAX) {
        notes.unsent++;
        return;
    }
    settle_repeats();
    notes.kind = kind;
    notes.message = message;
    notes.call = call;
    SET_VECTOR_ELT(notes.keep, 0, kind);
    SET_VECTOR_ELT(notes.keep, 1, message);
    SET_VECTOR_ELT(notes.keep, 2, call);
    notes.line = line;
    notes.count = 1;
    notes.sent++;
    send_last();
}

/* Prepares for the conditions of a script. */
void begin_notes(void) {
    notes.keep = Rf_allocVector(VECSXP, 5);
    R_PreserveObject(notes.keep);
}

/* Notes a warning of the harness's own. */
void note_text(const char *kind, const char *text) {
    note_text_of_line(kind, text, current_line());
}

void note_text_of_line(const char *kind, const char *text, int line) {
    SEXP word = PROTECT(Rf_mkChar(kind));
    SEXP message = PROTECT(Rf_mkCharCE(text, CE_UTF8));
    note(word, message, R_NilValue, line);
    UNPROTECT(2);
}

/* Tells of the last repeats, and how many conditions were too many. */
void finish_notes(void) {
    settle_repeats();
    if (notes.unsent == 0)
        return;
    char text[80];
    snprintf(text, sizeof text, "%ld more conditions were not kept", notes.unsent);
    notes.sent = notes.unsent = 0;
    note_text("warning", text);
}

/* Returns a CHARSXP: the last warning of the expression now evaluated, or an empty text. */
SEXP last_warning(void) {
    bool known = notes.count > 0 && notes.line == current_line();
    return known && strcmp(CHAR(notes.kind), "warning") == 0 ? notes.message : R_BlankString;
}

static bool is_second_signal(SEXP condition, SEXP kind) {
    if (strcmp(CHAR(kind), "deprecation") != 0)
        return false;
    bool again = condition == notes.deprecation;
    notes.deprecation = condition;
    SET_VECTOR_ELT(notes.keep, 3, condition);
    return again;
}

/* What nobody would make of a warning that the script goes on after. */
static void advise(SEXP message) {
    SEXP text = PROTECT(Rf_ScalarString(message));
    SEXP call = PROTECT(Rf_lang2(harness_function("advice"), text));
    SEXP advice = PROTECT(first_string(call_quietly(call)));
    if (advice != R_NilValue)
        SET_VECTOR_ELT(notes.keep, 4, notes.advice = advice);
    UNPROTECT(3);
}

/* Called by R for every warning and message that the script does not muffle itself. */
SEXP rampart_note_condition(SEXP condition) {
    bool is_message = Rf_inherits(condition, "message");
    int warn = Rf_asInteger(Rf_GetOption1(Rf_install("warn")));
    if (!is_message && warn < 0)
        return R_NilValue;
    SEXP kind = PROTECT(kind_of(condition));
    if (is_second_signal(condition, kind)) {
        UNPROTECT(1);
        return R_NilValue;
    }
    SEXP message = PROTECT(condition_message(condition));
    if (Rf_inherits(condition, "packageStartupMessage")) {
        keep_attached(message);
        UNPROTECT(2);
        return R_NilValue;
    }
    /* A message's call only says its text again. */
    SEXP call = PROTECT(is_message ? R_NilValue : condition_call(condition));
    note(kind, message, call, current_line());
    if (!is_message) {
        keep_warning(message, list_element(condition, "call"), warn == 0);
        advise(message);
    }
    UNPROTECT(3);
    return R_NilValue;
}
