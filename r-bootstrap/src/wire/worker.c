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

enum { SCRIPT_MAX = 1 << 20 };

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

/* Reads the script's bytes into `text`, from the start wherever the descriptor stands. Returns
 * their number, or -1: too many, none, or unreadable. */
static ssize_t read_script(int descriptor, char *text) {
    struct stat status;
    if (fstat(descriptor, &status) == -1)
        return -1;
    bool seekable = S_ISREG(status.st_mode);
    size_t length = 0;
    while (length <= SCRIPT_MAX) {
        size_t room = (size_t)SCRIPT_MAX + 1 - length;
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

/* The first bytes of the script's file, which the host holds too. */
static volatile int32_t *running_line;

/* Makes the file tell which line runs, now that the script was read. A host that kills the worker
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

static SEXP request_list(const struct rampart_run *run, const char *script, size_t length) {
    static const char *const names[] = {"code", "format",     "width",      "height", "dpi",
                                        "seed", "transcript", "file_bytes", ""};
    static const char *const formats[] = {"png", "svg", "pdf"};
    SEXP request = PROTECT(Rf_mkNamed(VECSXP, (const char **)names));
    SEXP code = PROTECT(Rf_allocVector(RAWSXP, (R_xlen_t)length));
    memcpy(RAW(code), script, length);
    SET_VECTOR_ELT(request, 0, code);
    SET_VECTOR_ELT(request, 1, Rf_mkString(formats[run->chart_format]));
    SET_VECTOR_ELT(request, 2, Rf_ScalarInteger(run->width));
    SET_VECTOR_ELT(request, 3, Rf_ScalarInteger(run->height));
    SET_VECTOR_ELT(request, 4, Rf_ScalarInteger(run->dpi));
    if (run->has_seed)
        SET_VECTOR_ELT(request, 5, Rf_ScalarInteger(run->seed));
    SET_VECTOR_ELT(request, 6, Rf_ScalarLogical(run->transcript));
    SET_VECTOR_ELT(request, 7, Rf_ScalarReal((double)run->file_bytes));
    UNPROTECT(2);
    return request;
}

/* Waits for RUN, sets the last limits, and returns the request as a list. Leaves with status 0
 * where the host closes the socket instead. */
SEXP rampart_await_run(void) {
    static char script[SCRIPT_MAX + 1];
    struct rampart_run run;
    int received[4];
    size_t count;

    ssize_t got = receive_message(CONTROL_AT, &run, sizeof run, received, &count);
    if (got == 0)
        leave(0);
    if (got != sizeof run || run.kind != RAMPART_RUN || count != 1)
        leave(EXIT_MALFORMED);
    if (run.chart_format < RAMPART_PNG || run.chart_format > RAMPART_PDF)
        leave(EXIT_MALFORMED);

    ssize_t length = read_script(received[0], script);
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
    report_to(REPORT_AT, run.transcript != 0);
    return request_list(&run, script, (size_t)length);
}
