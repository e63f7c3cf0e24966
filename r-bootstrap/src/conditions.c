/* What the script signals: warnings and messages go out as they come, an error is kept until R has
 * really unwound for it.
 *
 * Runs in a worker while its script does, called from handlers on R's stack. The text of a
 * condition may be the script's own code: it may fail, or never return, and only the watchdog
 * bounds that. */
#include "rampart.h"

#include <R_ext/Error.h>
#include <stdio.h>
#include <string.h>

enum { CONDITIONS_MAX = 200, CALL_MAX = 500, CLASSES_MAX = 20 };

/* Less than the 8192 bytes to which R itself cuts a message without a word. */
enum { MESSAGE_MAX = 8000 };

static struct {
    SEXP kind, message, call; /* of the last one, to count its repeats; preserved in `keep` */
    int line;
    long count;    /* how often it came */
    long reported; /* how often the host knows of */
    long sent, unsent;
    SEXP keep;
    SEXP empty;
    SEXP deprecation; /* the last one as an object: lifecycle signals each twice */
} notes;

static struct noted_error noted;
static char printed[2 * MESSAGE_MAX];

static SEXP field(SEXP condition, const char *name) {
    if (TYPEOF(condition) != VECSXP)
        return R_NilValue;
    SEXP names = Rf_getAttrib(condition, R_NamesSymbol);
    for (R_xlen_t i = 0; i < Rf_xlength(names); i++)
        if (strcmp(CHAR(STRING_ELT(names, i)), name) == 0)
            return VECTOR_ELT(condition, i);
    return R_NilValue;
}

static SEXP first_string(SEXP value) {
    return TYPEOF(value) == STRSXP && Rf_xlength(value) > 0 ? STRING_ELT(value, 0) : R_NilValue;
}

/* Conditions that base R makes have their text in a field; for others their own method is asked. */
static bool is_plain(SEXP condition) {
    SEXP class = Rf_getAttrib(condition, R_ClassSymbol);
    SEXP first = first_string(class);
    if (first == R_NilValue || first_string(field(condition, "message")) == R_NilValue)
        return false;
    return strncmp(CHAR(first), "simple", 6) == 0 && LENGTH(class) == 3;
}

/* Returns a CHARSXP. */
static SEXP message_of(SEXP condition) {
    if (is_plain(condition))
        return first_string(field(condition, "message"));
    SEXP call = PROTECT(Rf_lang2(harness_function("message"), condition));
    SEXP text = first_string(call_quietly(call));
    UNPROTECT(1);
    if (text == R_NilValue)
        text = first_string(field(condition, "message"));
    return text == R_NilValue ? notes.empty : text;
}

/* Returns a CHARSXP, or R_NilValue for a condition without a call. */
static SEXP call_of(SEXP condition) {
    SEXP call = field(condition, "call");
    if (TYPEOF(call) != LANGSXP)
        return R_NilValue;
    SEXP quoted = PROTECT(Rf_lang2(R_QuoteSymbol, call));
    SEXP asked = PROTECT(Rf_lang2(harness_function("deparse"), quoted));
    SEXP text = first_string(call_quietly(asked));
    UNPROTECT(2);
    return text;
}

static SEXP kind_of(SEXP condition) {
    static const char *const deprecations[] = {"deprecatedWarning", "lifecycle_warning_deprecated",
                                               "defunctWarning"};
    for (size_t i = 0; i < sizeof deprecations / sizeof deprecations[0]; i++)
        if (Rf_inherits(condition, deprecations[i]))
            return Rf_mkChar("deprecation");
    return Rf_mkChar(Rf_inherits(condition, "message") ? "message" : "warning");
}

/* A message() ends its text with a newline that is not part of what it says. */
static size_t length_without_newline(SEXP text) {
    size_t length = (size_t)LENGTH(text);
    return length > 0 && CHAR(text)[length - 1] == '\n' ? length - 1 : length;
}

static void put_message(SEXP message, size_t limit) {
    json_key("message");
    bool truncated;
    if (Rf_getCharCE(message) == CE_LATIN1)
        truncated = json_charsxp(message, limit);
    else
        truncated = json_text(CHAR(message), length_without_newline(message), limit);
    if (!truncated)
        return;
    json_key("truncated");
    json_value(PROTECT(Rf_ScalarLogical(TRUE)));
    UNPROTECT(1);
}

static void put_call(SEXP call) {
    json_key("call");
    if (call == R_NilValue)
        json_null();
    else
        json_charsxp(call, CALL_MAX);
}

static void send_last(void) {
    frame_begin("condition");
    json_key("condition");
    json_open('{');
    json_key("kind");
    json_charsxp(notes.kind, MESSAGE_MAX);
    put_message(notes.message, MESSAGE_MAX);
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

/* The host hears of a repeat when another condition comes, or the script ends. */
static void settle_repeats(void) {
    if (notes.count > notes.reported)
        send_last();
}

static void note(SEXP kind, SEXP message, SEXP call) {
    int line = current_line();
    if (notes.count > 0 && line == notes.line && same_text(kind, notes.kind) &&
        same_text(message, notes.message) && same_text(call, notes.call)) {
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
void begin_conditions(void) {
    notes.keep = Rf_allocVector(VECSXP, 4);
    R_PreserveObject(notes.keep);
    notes.empty = R_BlankString;
    forget_error();
}

/* Notes a warning of the harness's own. */
void note_text(const char *kind, const char *text) {
    SEXP word = PROTECT(Rf_mkChar(kind));
    SEXP message = PROTECT(Rf_mkCharCE(text, CE_UTF8));
    note(word, message, R_NilValue);
    UNPROTECT(2);
}

/* Tells of the last repeats, and how many conditions were too many. */
void finish_conditions(void) {
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
        note_text("warning", CHAR(advice));
    UNPROTECT(3);
}

/* Called by R for every warning and message that the script does not muffle itself. */
SEXP rampart_note_condition(SEXP condition) {
    bool silent =
        !Rf_inherits(condition, "message") && Rf_asInteger(Rf_GetOption1(Rf_install("warn"))) < 0;
    if (silent)
        return R_NilValue;
    SEXP kind = PROTECT(kind_of(condition));
    if (is_second_signal(condition, kind)) {
        UNPROTECT(1);
        return R_NilValue;
    }
    SEXP message = PROTECT(message_of(condition));
    bool is_message = Rf_inherits(condition, "message"); /* its call only says its text again */
    SEXP call = PROTECT(is_message ? R_NilValue : call_of(condition));
    note(kind, message, call);
    if (!is_message)
        advise(message);
    UNPROTECT(3);
    return R_NilValue;
}

static void keep_error(SEXP condition, SEXP origin) {
    SEXP both = PROTECT(Rf_list2(condition, origin));
    R_PreserveObject(both);
    UNPROTECT(1);
    noted.condition = condition;
    noted.frames = field(origin, "frames");
    noted.message = first_string(field(origin, "message"));
    noted.own_words = Rf_asLogical(field(origin, "own")) == TRUE;
    noted.signalled = Rf_asLogical(field(origin, "signalled")) == TRUE;
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

struct noted_error *noted_error(void) {
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
    bool hears = field(handlers, "error") != R_NilValue;
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

static void put_list(const char *key, SEXP list) {
    json_key(key);
    json_open('[');
    if (TYPEOF(list) == VECSXP)
        for (R_xlen_t i = 0; i < Rf_xlength(list); i++)
            json_value(VECTOR_ELT(list, i));
    else if (TYPEOF(list) == STRSXP)
        for (R_xlen_t i = 0; i < Rf_xlength(list); i++)
            json_charsxp(STRING_ELT(list, i), MESSAGE_MAX);
    json_close(']');
}

/* Settles which error ended the script, while R still has its own text of it. */
void settle_error(void) {
    snprintf(printed, sizeof printed, "%s", R_curErrorBuf());
    if (noted.signalled)
        forget_error();
    noted.aborted = noted.condition == R_NilValue && was_aborted();
    if (noted.aborted)
        snprintf(printed, sizeof printed, "the script was stopped by invokeRestart(\"abort\")");
}

/* Returns a CHARSXP. */
static SEXP error_message(void) {
    if (noted.condition == R_NilValue)
        return Rf_mkCharCE(printed_message(), CE_UTF8);
    return noted.message != R_NilValue ? noted.message : message_of(noted.condition);
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
    frame_begin("error");
    json_key("error");
    json_open('{');
    json_key("kind");
    json_text("runtime", 7, 7);
    put_message(message, MESSAGE_MAX);
    put_classes(condition);
    put_call(condition == R_NilValue ? R_NilValue : call_of(condition));
    json_key("line");
    json_int(current_line());
    json_key("column");
    json_null();
    put_list("traceback", frames);
    put_list("hints", hints);
    json_close('}');
    put_limit(limit_behind_error(message));
}

/* Tells of the error that ended the script. `hints` is a character vector, or R_NilValue. */
void report_error(SEXP hints) {
    SEXP message = PROTECT(error_message());
    put_runtime_error(message, noted.frames, hints);
    if (!frame_send(true)) {
        put_runtime_error(message, R_NilValue, R_NilValue);
        frame_send(true);
    }
    UNPROTECT(1);
}
