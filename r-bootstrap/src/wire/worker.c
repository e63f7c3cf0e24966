/* A worker's way from fork to its script: in place, then PREPARED, then RUN.
 *
 * Runs in the worker only. become_worker() is async-signal-safe; rampart_await_run() is until it
 * builds the request for R. No step prints. A step that fails leaves: the host sees the status. */
#define _GNU_SOURCE
#include "wire/wire.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "confine/confine.h"
#include "harness/harness.h"

static struct rampart_prepared prepared = {.kind = RAMPART_PREPARED};

/* R's handlers go: a broken heap must not print its own traceback. A file over its limit, and an
 * output that nobody reads, are errors that R reports, not deaths. */
static void reset_signals(void) {
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP)
            signal(number, SIG_DFL);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static int enter_work(const char *scratch) {
    static char path[RAMPART_PATH_MAX + sizeof "/work"];
    size_t length = strlen(scratch);
    memcpy(path, scratch, length);
    memcpy(path + length, "/work", sizeof "/work");
    return chdir(path);
}

/* Makes the process just forked a worker: its session, descriptors, directory and confinement. */
void become_worker(const struct rampart_fork *request, const int received[4]) {
    if (setsid() == -1)
        leave(EXIT_FAULT);
    reset_signals();
    if (take_descriptors(received) == -1)
        leave(EXIT_FAULT);
    if (enter_work(request->scratch) == -1)
        leave(EXIT_FAULT);
    confine(request, &prepared);
}

/* Reads the run's document into `text`, from the start wherever the descriptor stands. Returns the
 * number of its bytes, or -1: too many, none, or unreadable. */
static ssize_t read_document(int descriptor, char *text) {
    struct stat status;
    if (fstat(descriptor, &status) == -1)
        return -1;
    bool seekable = S_ISREG(status.st_mode);
    size_t length = 0;
    while (length <= RAMPART_DOCUMENT_MAX) {
        size_t room = (size_t)RAMPART_DOCUMENT_MAX + 1 - length;
        ssize_t got = seekable ? pread(descriptor, text + length, room, (off_t)length)
                               : read(descriptor, text + length, room);
        if (got == -1 && errno == EINTR)
            continue;
        if (got == -1)
            return -1;
        if (got == 0)
            return length == 0 ? -1 : (ssize_t)length;
        length += (size_t)got;
    }
    return -1;
}

/* The first bytes of the run's document, which the host holds too. */
static volatile int32_t *running_line;

/* Makes the document tell which line runs, now that it was read. A host that kills the worker
 * finds it there, and no script pays for it with a frame. */
static void share_line(int descriptor) {
    void *start =
        mmap(NULL, sizeof *running_line, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (start != MAP_FAILED)
        running_line = start;
}

/* A top-level expression begins at this line, from 1. */
void tell_line(int line) {
    if (running_line != NULL)
        *running_line = line;
}

/* Says PREPARED: from here on RUN may come. */
SEXP rampart_say_prepared(void) {
    if (send_message(CONTROL_AT, &prepared, sizeof prepared) == -1)
        leave(errno == EPIPE ? 0 : EXIT_FAULT);
    return R_NilValue;
}

/* The two parts of the document: the text of what R is told, and the script's bytes. */
static SEXP request_parts(const char *document, size_t length) {
    const char *end = memchr(document, '\0', length);
    if (end == NULL)
        leave(EXIT_MALFORMED);
    size_t told = (size_t)(end - document);
    SEXP parts = PROTECT(Rf_allocVector(VECSXP, 2));
    SEXP code = PROTECT(Rf_allocVector(RAWSXP, (R_xlen_t)(length - told - 1)));
    memcpy(RAW(code), end + 1, length - told - 1);
    SET_VECTOR_ELT(parts, 0, Rf_mkString(document));
    SET_VECTOR_ELT(parts, 1, code);
    UNPROTECT(2);
    return parts;
}

/* Waits for RUN, sets the last limits, and returns the two parts of the run's document. Leaves with
 * status 0 where the host closes the socket instead. */
SEXP rampart_await_run(void) {
    static char document[RAMPART_DOCUMENT_MAX + 1];
    struct rampart_run run;
    int received[4];
    size_t count;

    ssize_t got = receive_message(CONTROL_AT, &run, sizeof run, received, &count);
    if (got == 0)
        leave(0);
    if (got != sizeof run || run.kind != RAMPART_RUN || count != 1)
        leave(EXIT_MALFORMED);

    ssize_t length = read_document(received[0], document);
    if (length >= (ssize_t)sizeof *running_line)
        share_line(received[0]);
    close(received[0]);
    if (length == -1)
        leave(EXIT_MALFORMED);
    unfill_heap(run.growth_bytes);
    if (lower_run_limits(&run) == -1)
        leave(EXIT_FAULT);
    close(STATUS_AT);
    heed_aborts();
    report_start(REPORT_AT, run.transcript != 0);
    return request_parts(document, (size_t)length);
}
