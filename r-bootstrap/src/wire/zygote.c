/* The zygote's loop: it forks and reaps as the host says, and knows nothing of any request.
 *
 * Runs in the zygote once its packages are warm; a forked worker leaves it into R. One thread. */
#define _GNU_SOURCE
#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine/confine.h"

/* R's own mark that a process is not its session's first; not in every R's symbol table. */
extern int R_isForkedChild __attribute__((weak));

static void answer_or_leave(const void *message, size_t size) {
    if (send_message(CONTROL_AT, message, size) == -1)
        leave(errno == EPIPE ? 0 : EXIT_FAULT);
}

static void say_ready(SEXP engine) {
    static struct rampart_ready ready;
    const char *text = CHAR(STRING_ELT(engine, 0));
    size_t length = strlen(text);
    if (length > sizeof ready.engine)
        leave(EXIT_FAULT);
    ready.kind = RAMPART_READY;
    ready.version = RAMPART_WIRE_VERSION;
    ready.threads = count_threads();
    ready.engine_length = (uint32_t)length;
    memcpy(ready.engine, text, length);
    answer_or_leave(&ready, offsetof(struct rampart_ready, engine) + length);
}

/* The boot log ends with READY: whatever comes later would be nobody's to read. */
static void silence(void) {
    fflush(NULL);
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null == -1 || dup2(null, STDOUT_AT) == -1 || dup2(null, STDERR_AT) == -1)
        leave(EXIT_FAULT);
    close(null);
}

/* A run that shares the zygote's user may signal it. What it only noted, as R does an interrupt,
 * every later worker would inherit: so it heeds nothing but what nobody can refuse. SIGCHLD ignored
 * would reap the workers. */
static void ignore_signals(void) {
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP && number != SIGCHLD)
            signal(number, SIG_IGN);
}

/* The workers that are not reaped yet. A host that died cannot kill them, and the kernel may grant
 * no parent-death signal: then the zygote does. */
enum { WORKERS_MAX = 64 };
static pid_t workers[WORKERS_MAX];

static void replace_worker(pid_t old, pid_t fresh) {
    for (int i = 0; i < WORKERS_MAX; i++) {
        if (workers[i] != old)
            continue;
        workers[i] = fresh;
        return;
    }
}

static _Noreturn void end_with_host(void) {
    for (int i = 0; i < WORKERS_MAX; i++) {
        if (workers[i] == 0)
            continue;
        kill(-workers[i], SIGKILL);
        kill(workers[i], SIGKILL);
    }
    leave(0);
}

static bool is_worker(pid_t pid) {
    for (int i = 0; i < WORKERS_MAX; i++)
        if (workers[i] == pid)
            return true;
    return false;
}

/* Reaps what a run made a child of the zygote's, clone(2) with CLONE_PARENT: it is dead, and would
 * count among the user's processes. A worker that is dead is the host's to ask after: what waits
 * behind it is reaped another time. */
static void reap_strays(void) {
    for (;;) {
        siginfo_t dead = {.si_pid = 0};
        if (waitid(P_ALL, 0, &dead, WEXITED | WNOHANG | WNOWAIT) == -1)
            return;
        if (dead.si_pid == 0 || is_worker(dead.si_pid))
            return;
        waitpid(dead.si_pid, NULL, WNOHANG);
    }
}

/* Forks a worker. Returns true in it, with its descriptors in place. */
static bool fork_worker(const struct rampart_fork *request, const int received[4]) {
    struct rampart_forked forked = {.kind = RAMPART_FORKED};
    pid_t pid = -1;
    reap_strays();
    if (count_threads() == 1)
        pid = fork();
    else
        errno = EBUSY; /* a lock that another thread holds would stay locked in the child */
    if (pid == 0) {
        if (&R_isForkedChild != NULL)
            R_isForkedChild = 1;
        become_worker(request, received);
        return true;
    }
    forked.error = pid == -1 ? errno : 0;
    if (pid > 0)
        replace_worker(0, pid);
    forked.pid = pid == -1 ? 0 : pid;
    for (int i = 0; i < 4; i++)
        close(received[i]);
    answer_or_leave(&forked, sizeof forked);
    return false;
}

static int64_t microseconds(struct timeval time) {
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

/* Reaps one worker that the host has seen die; one that lives is EAGAIN. */
static void reap(int32_t pid) {
    struct rampart_reaped reaped = {.kind = RAMPART_REAPED, .pid = pid};
    struct rusage usage = {0};
    int status = 0;
    pid_t got;
    if (pid <= 0)
        leave(EXIT_MALFORMED);
    do {
        got = wait4(pid, &status, WNOHANG, &usage);
    } while (got == -1 && errno == EINTR);
    if (got == -1)
        reaped.error = errno;
    if (got == 0)
        reaped.error = EAGAIN;
    if (got == pid) {
        replace_worker(pid, 0);
        reaped.status = status;
        reaped.user_us = microseconds(usage.ru_utime);
        reaped.system_us = microseconds(usage.ru_stime);
        reaped.max_rss_bytes = (int64_t)usage.ru_maxrss * 1024;
    }
    answer_or_leave(&reaped, sizeof reaped);
}

static bool is_fork(const struct rampart_fork *request, size_t length, size_t count) {
    return length == sizeof *request && count == 4 && request->scratch[0] == '/' &&
           memchr(request->scratch, '\0', sizeof request->scratch) != NULL;
}

static SEXP worker_list(const struct rampart_fork *request) {
    static const char *const names[] = {"scratch", "spare", ""};
    SEXP worker = PROTECT(Rf_mkNamed(VECSXP, (const char **)names));
    SET_VECTOR_ELT(worker, 0, Rf_mkString(request->scratch));
    SET_VECTOR_ELT(worker, 1, Rf_ScalarLogical(request->spare != 0));
    UNPROTECT(1);
    return worker;
}

/* Says READY, then serves the host until it closes the control socket. Returns in each worker, as
 * list(scratch, spare): the path of its scratch directory, and whether it is forked ahead. */
SEXP rampart_serve(SEXP engine) {
    static union {
        int32_t kind;
        struct rampart_fork fork;
        struct rampart_reap reap;
    } message; /* static: the worker reads its own copy after the fork */

    ignore_signals();
    say_ready(engine);
    silence();
    for (;;) {
        int received[4];
        size_t count;
        ssize_t length = receive_message(CONTROL_AT, &message, sizeof message, received, &count);
        if (length == 0)
            end_with_host();
        if (length < (ssize_t)sizeof message.kind)
            leave(EXIT_MALFORMED);
        if (message.kind == RAMPART_FORK && is_fork(&message.fork, (size_t)length, count)) {
            if (fork_worker(&message.fork, received))
                return worker_list(&message.fork);
        } else if (message.kind == RAMPART_REAP && length == sizeof message.reap && count == 0) {
            reap(message.reap.pid);
        } else {
            leave(EXIT_MALFORMED);
        }
    }
}

/* Returns the number of this process's threads. */
SEXP rampart_threads(void) {
    return Rf_ScalarInteger(count_threads());
}
