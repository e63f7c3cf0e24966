/* What packages say when they are attached: it is printed, and told only if the error that ended
 * the script came from a function that one of them masked.
 *
 * Runs in a worker while its script does, on R's stack. */
#include "harness/harness.h"

#include <ctype.h>
#include <string.h>

enum { ATTACHED_MAX = 40 };

static struct {
    SEXP messages; /* preserved */
    int lines[ATTACHED_MAX];
    int count;
} attached;

/* Keeps a package's startup message, a CHARSXP. */
void keep_attached(SEXP message) {
    if (strstr(CHAR(message), "masked") == NULL || attached.count == ATTACHED_MAX)
        return;
    if (attached.messages == NULL)
        R_PreserveObject(attached.messages = Rf_allocVector(STRSXP, ATTACHED_MAX));
    SET_STRING_ELT(attached.messages, attached.count, message);
    attached.lines[attached.count++] = current_line();
}

static bool is_part_of_name(char letter) {
    return isalnum((unsigned char)letter) || letter == '.' || letter == '_';
}

/* Whether a message lists the function that a call such as "filter(x)" calls by its bare name. */
static bool lists_function(const char *message, const char *call) {
    size_t length = 0;
    while (is_part_of_name(call[length]))
        length++;
    if (length == 0 || call[length] != '(')
        return false;
    const char *list = strchr(message, '\n');
    for (const char *at = list; at != NULL && *at != '\0'; at++)
        if (strncmp(at, call, length) == 0 && !is_part_of_name(at[-1]) &&
            !is_part_of_name(at[length]))
            return true;
    return false;
}

/* Notes the messages that tell why `call`, the text of the call that failed, called what it did. */
void note_masking(const char *call) {
    for (int i = 0; i < attached.count; i++)
        if (lists_function(CHAR(STRING_ELT(attached.messages, i)), call))
            note_text_of_line("message", CHAR(STRING_ELT(attached.messages, i)), attached.lines[i]);
    attached.count = 0;
}
