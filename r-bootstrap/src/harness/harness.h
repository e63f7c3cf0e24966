/* The harness around a script: its evaluation, its conditions, and how it ended. */
#ifndef RAMPART_HARNESS_H
#define RAMPART_HARNESS_H

#define R_NO_REMAP
#include <Rinternals.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* harness.c: what every other file asks of the run. */
void begin_run(SEXP run);
void begin_line(int line);
int current_line(void);
SEXP run_element(const char *name);
SEXP harness_function(const char *name);
SEXP call_quietly(SEXP call);
SEXP list_element(SEXP list, const char *name);
SEXP first_string(SEXP value);
void set_in_base(const char *name, SEXP value);
SEXP rampart_replace(SEXP name, SEXP function, SEXP environment);

/* condition.c: less than the 8192 bytes to which R itself cuts a message without a word. */
enum { MESSAGE_MAX = 8000 };
SEXP condition_message(SEXP condition);
SEXP condition_call(SEXP condition);
void put_message(SEXP message);
void put_call(SEXP call);

/* notes.c */
void begin_notes(void);
void note_text(const char *kind, const char *text);
void note_text_of_line(const char *kind, const char *text, int line);
void finish_notes(void);
SEXP last_warning(void);
SEXP rampart_note_condition(SEXP condition);

/* attached.c */
void keep_attached(SEXP message);
void note_masking(const char *call);

/* last_warning.c */
void keep_warning(SEXP message, SEXP call, bool deferred);
void settle_warnings(void);

/* errors.c */
struct noted_error {
    SEXP condition; /* R_NilValue where only R's own error text is known */
    SEXP frames;    /* list of {call, line}, or R_NilValue */
    SEXP message;   /* a CHARSXP where the condition's own is not all of it, else R_NilValue */
    bool own_words; /* the script itself worded it */
    bool signalled; /* by signalCondition() alone, which ends nothing */
    bool aborted;   /* there was none: the script jumped to the top level */
    int exit_code;  /* of the quit() that ended the script, or -1 */
};
const struct noted_error *noted_error(void);
const char *printed_error(void);
void forget_error(void);
void settle_error(void);
bool is_error_raised(void);
void note_quit(int status, SEXP cause);
void report_error(SEXP hints);
SEXP rampart_note_error(SEXP condition);

/* quit.c */
void heed_quit(void);

/* limit_behind.c */
const char *limit_behind(const char *text);

/* evaluate.c */
void end_by_quit(int status);
SEXP rampart_evaluate(SEXP run);

/* heap.c */
void unfill_heap(uint64_t growth_bytes);
SEXP rampart_settle_heap(void);
SEXP rampart_own_heap(void);
SEXP rampart_fill_heap(void);

#endif
