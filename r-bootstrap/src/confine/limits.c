/* Resource limits, as tables: those known ahead, and those that come with the run.
 *
 * Runs in a worker before its script. Async-signal-safe. The stack's limit is never lowered: R
 * learnt its bounds at start, and a lower one turns its clean error into a crash. */
#define _GNU_SOURCE
#include "confine/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Lowers one limit; one that is lower already stays, for only root may raise it. */
static int lower(__rlimit_resource_t resource, rlim_t soft, rlim_t hard) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) == -1)
        return -1;
    if (hard < limit.rlim_max)
        limit.rlim_max = hard;
    limit.rlim_cur = soft < limit.rlim_max ? soft : limit.rlim_max;
    return setrlimit(resource, &limit);
}

/* Sets the limits that no request changes. Returns 0, or -1 with errno. */
int lower_fixed_limits(const struct rampart_fork *request) {
    static const struct {
        __rlimit_resource_t resource;
        rlim_t value;
    } rows[] = {
        {RLIMIT_CORE, 0},     /* a dump would hold the heap, and fill the disk */
        {RLIMIT_MSGQUEUE, 0}, /* queues outlive their maker */
        {RLIMIT_MEMLOCK, 0},
        {RLIMIT_NOFILE, 128}, /* 63 devices; below 125 connections, see doctor */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (lower(rows[i].resource, rows[i].value, rows[i].value) == -1)
            return -1;
    if (request->tag_locks == RAMPART_NO_TAG)
        return 0;
    rlim_t pending = request->tag_pending_signals;
    if (lower(RLIMIT_SIGPENDING, pending, pending) == -1)
        return -1;
    return lower(RLIMIT_LOCKS, request->tag_locks, request->tag_locks);
}

static rlim_t plus(uint64_t base, uint64_t more) {
    return more > (uint64_t)RLIM_INFINITY - base ? RLIM_INFINITY : (rlim_t)(base + more);
}

/* Whole seconds of CPU spent, rounded up: RLIMIT_CPU counts from the fork. */
static int cpu_spent(uint64_t *seconds) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == -1)
        return -1;
    int64_t micros = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    *seconds =
        (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (micros + 999999) / 1000000);
    return 0;
}

/* Sets the limits that come with the run, above what the worker has and has spent by now.
 * Returns 0, or -1 with errno. */
int lower_run_limits(const struct rampart_run *run) {
    uint64_t data, size, spent;
    if (read_status(STATUS_AT, "\nVmData:", &data) == -1)
        return -1;
    if (read_status(STATUS_AT, "\nVmSize:", &size) == -1)
        return -1;
    if (cpu_spent(&spent) == -1)
        return -1;

    rlim_t heap = plus(data * 1024, run->growth_bytes);
    rlim_t cpu = plus(spent, run->cpu_seconds);
    const struct {
        __rlimit_resource_t resource;
        rlim_t soft, hard;
    } rows[] = {
        /* A byte more than a file may have: by it the host knows a file that was cut. */
        {RLIMIT_FSIZE, run->file_bytes + 1, run->file_bytes + 1},
        {RLIMIT_CPU, cpu, plus(cpu, 1)}, /* SIGXCPU at the first, SIGKILL at the second */
        {RLIMIT_AS, plus(size * 1024, run->address_bytes), plus(size * 1024, run->address_bytes)},
        {RLIMIT_DATA, heap, heap},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (lower(rows[i].resource, rows[i].soft, rows[i].hard) == -1)
            return -1;
    if (run->processes == 0)
        return 0;
    return lower(RLIMIT_NPROC, run->processes, run->processes);
}

/* Reads a number from an open /proc/self/status; `field` is its name with the newline before it.
 * Sizes are in KiB. Returns 0, or -1 with errno. */
int read_status(int descriptor, const char *field, uint64_t *value) {
    char text[4096];
    ssize_t length = pread(descriptor, text, sizeof text - 1, 0);
    if (length <= 0)
        return -1;
    text[length] = '\0';
    const char *at = strstr(text, field);
    if (at == NULL) {
        errno = ENODATA;
        return -1;
    }
    at += strlen(field);
    while (*at == ' ' || *at == '\t')
        at++;
    uint64_t number = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        number = number * 10 + (uint64_t)(*at - '0');
    *value = number;
    return 0;
}

/* Returns how many threads this process has, or -1 with errno. */
int count_threads(void) {
    int descriptor = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    if (descriptor == -1)
        return -1;
    uint64_t threads = 0;
    int result = read_status(descriptor, "\nThreads:", &threads);
    close(descriptor);
    return result == -1 ? -1 : (int)threads;
}
