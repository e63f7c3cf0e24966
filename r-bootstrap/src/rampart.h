/* What the C files of this package share. The messages to the host are in rampart_wire.h. */
#ifndef RAMPART_H
#define RAMPART_H

#define R_NO_REMAP
#include <Rinternals.h>

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "rampart_wire.h"

/* Where a worker's own descriptors lie, once it is in place. 0 is /dev/null, from the host. */
enum {
    STDOUT_AT = 1,
    STDERR_AT = 2,
    CONTROL_AT = RAMPART_CONTROL_FD,
    REPORT_AT = 4,
    STATUS_AT = 5, /* /proc/self/status: closed before the script begins */
    FIRST_FOREIGN = 6
};

/* How our own faults leave: the host tells them from a script's end by these. */
enum { EXIT_FAULT = 70, EXIT_MALFORMED = 65 };

/* leave.c */
__attribute__((noreturn)) void leave(int status);

/* socket.c */
ssize_t receive_message(int socket, void *message, size_t size, int *descriptors, size_t *count);
int send_message(int socket, const void *message, size_t size);

/* confine.c */
struct layer {
    enum rampart_layer layer;
    enum rampart_enforcement (*apply)(const struct rampart_fork *);
};
/* In the order in which a worker puts them on itself. */
extern const struct layer layers[RAMPART_LAYER_COUNT];
int take_descriptors(const int received[4]);
void confine(const struct rampart_fork *request, struct rampart_prepared *answer);

/* files.c */
int restrict_files(const char *scratch);

/* syscalls.c */
int filter_syscalls(bool alone);

/* limits.c */
int lower_fixed_limits(uint32_t brand);
int lower_run_limits(const struct rampart_run *run);
int read_status(int descriptor, const char *field, uint64_t *value);
int count_threads(void);

/* worker.c */
void become_worker(const struct rampart_fork *request, const int received[4]);

/* last_words.c */
void heed_aborts(void);

/* json.c: one value at a time, into one buffer. */
void json_begin(char *buffer, size_t size);
size_t json_end(void);
void json_open(char bracket);
void json_close(char bracket);
void json_key(const char *key);
void json_null(void);
void json_int(long value);
bool json_text(const char *bytes, size_t length, size_t limit);
bool json_charsxp(SEXP string, size_t limit);
void json_value(SEXP value);

/* report.c */
void report_to(int descriptor, bool in_order);
void frame_begin(const char *kind);
bool frame_send(bool essential);
void report_chart(const char *name, int line, const int *size);
void report_source(int line, SEXP text);
bool report_value(SEXP value);
void report_description(SEXP description);
void report_end(bool completed);

/* conditions.c */
struct noted_error {
    SEXP condition; /* R_NilValue where only R's own error text is known */
    SEXP frames;    /* list of {call, line}, or R_NilValue */
    SEXP message;   /* a CHARSXP where the condition's own is not all of it, else R_NilValue */
    bool own_words; /* the script itself worded it */
    bool signalled; /* by signalCondition() alone, which ends nothing */
    bool aborted;   /* there was none: the script jumped to the top level */
};
void begin_conditions(void);
void note_text(const char *kind, const char *text);
void finish_conditions(void);
struct noted_error *noted_error(void);
void forget_error(void);
void settle_error(void);
SEXP last_warning(void);
const char *printed_error(void);
void report_error(SEXP hints);

/* limit_behind.c */
const char *limit_behind(const char *text);

/* evaluate.c */
int current_line(void);
SEXP call_quietly(SEXP call);
SEXP harness_function(const char *name);

/* heap.c */
void unfill_heap(uint64_t growth_bytes);

/* png.c */
struct page {
    const uint32_t *pixels; /* red in the lowest byte, then green and blue; alpha is not read */
    int width, height;
    double dpi;
};
bool write_png(const char *path, const struct page *page);

/* device.c */
void begin_devices(SEXP charts_directory);
void close_devices(bool failed);
bool has_unkept_pages(void);
void keep_pages(void);
void expression_ended(void);
SEXP drawn_plots(void);

/* The routines that R calls. */
SEXP rampart_read_below(SEXP paths);
SEXP rampart_serve(SEXP engine);
SEXP rampart_say_prepared(void);
SEXP rampart_fill_heap(void);
SEXP rampart_await_run(void);
SEXP rampart_evaluate(SEXP run);
SEXP rampart_note_condition(SEXP condition);
SEXP rampart_note_error(SEXP condition);
SEXP rampart_adopt_device(SEXP pattern, SEXP extension, SEXP dpi);
SEXP rampart_replace_base(SEXP name, SEXP function);
SEXP rampart_next_chart(void);
SEXP rampart_publish(SEXP path, SEXP number, SEXP extension, SEXP size);
SEXP rampart_base64(SEXP bytes);
SEXP rampart_report_to(SEXP descriptor);
SEXP rampart_json(SEXP value);
SEXP rampart_stay_offline(void);
SEXP rampart_settle_heap(void);
SEXP rampart_own_heap(void);
SEXP rampart_threads(void);

#endif
