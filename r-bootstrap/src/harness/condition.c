/* What one condition says: its message and its call, as text.
 *
 * Runs in a worker while its script does, called from handlers on R's stack. The text of a
 * condition may be the script's own code: it may fail, or never return, and only the watchdog
 * bounds that. */
#include "harness/harness.h"

#include <string.h>

#include "wire/wire.h"

enum { CALL_MAX = 500 };

/* Conditions that base R makes have their text in a field; for others their own method is asked. */
static bool is_plain(SEXP condition) {
    SEXP class = Rf_getAttrib(condition, R_ClassSymbol);
    SEXP first = first_string(class);
    if (first == R_NilValue || first_string(list_element(condition, "message")) == R_NilValue)
        return false;
    return strncmp(CHAR(first), "simple", 6) == 0 && LENGTH(class) == 3;
}

/* Returns what a condition says, as a CHARSXP. */
SEXP condition_message(SEXP condition) {
    if (is_plain(condition))
        return first_string(list_element(condition, "message"));
    SEXP call = PROTECT(Rf_lang2(harness_function("message"), condition));
    SEXP text = first_string(call_quietly(call));
    UNPROTECT(1);
    if (text == R_NilValue)
        text = first_string(list_element(condition, "message"));
    return text == R_NilValue ? R_BlankString : text;
}

/* Returns a CHARSXP, or R_NilValue for a condition without a call. */
SEXP condition_call(SEXP condition) {
    SEXP call = list_element(condition, "call");
    if (TYPEOF(call) != LANGSXP)
        return R_NilValue;
    SEXP quoted = PROTECT(Rf_lang2(R_QuoteSymbol, call));
    SEXP asked = PROTECT(Rf_lang2(harness_function("deparse"), quoted));
    SEXP text = first_string(call_quietly(asked));
    UNPROTECT(2);
    return text;
}

/* A message() ends its text with a newline that is not part of what it says. */
static size_t length_without_newline(const char *text) {
    size_t length = strlen(text);
    return length > 0 && text[length - 1] == '\n' ? length - 1 : length;
}

/* Writes a message's key, and whether it is cut. */
void put_message(SEXP message) {
    const char *text = CHAR(message);
    if (Rf_getCharCE(message) == CE_LATIN1)
        text = Rf_translateCharUTF8(message);
    json_key("message");
    if (!json_plain_text(text, length_without_newline(text), MESSAGE_MAX))
        return;
    json_key("truncated");
    json_value(PROTECT(Rf_ScalarLogical(TRUE)));
    UNPROTECT(1);
}

void put_call(SEXP call) {
    json_key("call");
    if (call == R_NilValue)
        json_null();
    else
        json_charsxp(call, CALL_MAX);
}
