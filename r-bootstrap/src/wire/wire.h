/* What a process of Rampart's own says to the host, and hears: control messages and report frames.
 * The messages themselves are in rampart_wire.h. */
#ifndef RAMPART_WIRE_FOLDER_H
#define RAMPART_WIRE_FOLDER_H

#define R_NO_REMAP
#include <Rinternals.h>

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "rampart_wire.h"

/* Where a worker's own descriptors lie, once it is in place. */
enum {
    STDIN_AT = 0, /* at its end */
    STDOUT_AT = 1,
    STDERR_AT = 2,
    CONTROL_AT = RAMPART_CONTROL_FD,
    REPORT_AT = 4,
    STATUS_AT = 5, /* /proc/self/status: closed before the script begins */
    FIRST_FOREIGN = 6
};

/* How our own faults leave, before the frame that says that the script begins; a script may end
 * with the same. */
enum { EXIT_FAULT = 70, EXIT_MALFORMED = 65 };

/* leave.c */
__attribute__((noreturn)) void leave(int status);

/* socket.c */
ssize_t receive_message(int socket, void *message, size_t size, int *descriptors, size_t *count);
int send_message(int socket, const void *message, size_t size);

/* zygote.c */
SEXP rampart_serve(SEXP engine);
SEXP rampart_threads(void);

/* worker.c */
void become_worker(const struct rampart_fork *request, const int received[4]);
SEXP rampart_say_prepared(void);
SEXP rampart_await_run(void);
void tell_line(int line);

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
SEXP rampart_json(SEXP value);

/* plain_text.c */
bool json_plain_text(const char *bytes, size_t length, size_t limit);

/* report.c */
void report_to(int descriptor, bool in_order);
void report_start(int descriptor, bool in_order);
void frame_begin(const char *kind);
bool frame_send(bool essential);
void report_chart(const char *name, int line, const int *size);
void report_source(int line, SEXP text);
bool report_value(SEXP value);
void report_description(SEXP description);
void report_advice(SEXP sentences);
void report_end(bool completed);
SEXP rampart_report_to(SEXP descriptor);

#endif
