/* How a worker confines itself: the layers are a table, graded and in order.
 *
 * Runs in a worker between fork and PREPARED. Async-signal-safe. */
#define _GNU_SOURCE
#include "confine/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

/* Has the worker read an input that is at its end, and that nothing else has open. The zygote's own
 * is one open file of all workers: its flags and locks would pass from run to run. Another open of
 * /dev/null would not do, because the locks of a device's file are seen by all who open it; so it
 * is a pipe that nobody writes to. Returns 0, or -1 with errno. */
static int take_empty_input(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == -1)
        return -1;
    int result = dup2(ends[0], STDIN_AT);
    close(ends[0]);
    close(ends[1]);
    return result == -1 ? -1 : 0;
}

/* Puts the received descriptors where a worker has them, with /proc/self/status, which a later
 * layer may close the way to. Returns 0, or -1 with errno. */
int take_descriptors(const int received[4]) {
    static const int places[] = {CONTROL_AT, STDOUT_AT, STDERR_AT, REPORT_AT, STATUS_AT};
    int spare[5];
    if (take_empty_input() == -1)
        return -1;
    for (int i = 0; i < 5; i++) {
        int from = i < 4 ? received[i] : open("/proc/self/status", O_RDONLY | O_CLOEXEC);
        if (from == -1)
            return -1;
        spare[i] = fcntl(from, F_DUPFD_CLOEXEC, FIRST_FOREIGN); /* out of each other's way */
        if (spare[i] == -1)
            return -1;
    }
    for (int i = 0; i < 5; i++) {
        int flags = places[i] > STDERR_AT ? O_CLOEXEC : 0;
        if (dup3(spare[i], places[i], flags) == -1)
            return -1;
    }
    return 0;
}

static enum rampart_enforcement graded(int result) {
    return result == 0 ? RAMPART_ENFORCED : RAMPART_UNAVAILABLE;
}

static enum rampart_enforcement close_foreign(const struct rampart_fork *request) {
    (void)request;
    if (close_range(FIRST_FOREIGN, UINT_MAX, 0) == 0)
        return RAMPART_ENFORCED;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
        return RAMPART_UNAVAILABLE;
    rlim_t end =
        limit.rlim_cur < 65536 ? limit.rlim_cur : 65536; /* the kernel hands out lowest first */
    for (rlim_t i = FIRST_FOREIGN; i < end; i++)
        close((int)i);
    return RAMPART_ENFORCED;
}

static enum rampart_enforcement limit_resources(const struct rampart_fork *request) {
    return graded(lower_fixed_limits(request));
}

static enum rampart_enforcement become_user(const struct rampart_fork *request) {
    if (request->uid == 0)
        return RAMPART_OFF;
    if (setgroups(0, NULL) == -1)
        return RAMPART_UNAVAILABLE;
    if (setresgid(request->gid, request->gid, request->gid) == -1)
        return RAMPART_UNAVAILABLE;
    return graded(setresuid(request->uid, request->uid, request->uid));
}

static enum rampart_enforcement open_files(const struct rampart_fork *request) {
    return graded(restrict_files(request->scratch));
}

static enum rampart_enforcement open_syscalls(const struct rampart_fork *request) {
    return graded(filter_syscalls(request->uid != 0));
}

const struct layer layers[RAMPART_LAYER_COUNT] = {
    {RAMPART_LAYER_DESCRIPTORS, close_foreign},
    {RAMPART_LAYER_LIMITS, limit_resources},
    {RAMPART_LAYER_USER, become_user}, /* before any layer that forbids set*id */
    {RAMPART_LAYER_FILES, open_files},
    {RAMPART_LAYER_SYSCALLS, open_syscalls}, /* last: it forbids the others */
};

/* Tries every layer in turn, and says of each whether it held. */
void confine(const struct rampart_fork *request, struct rampart_prepared *answer) {
    for (size_t i = 0; i < RAMPART_LAYER_COUNT; i++) {
        errno = 0;
        enum rampart_enforcement held = layers[i].apply(request);
        answer->layers[layers[i].layer].enforcement = (int32_t)held;
        answer->layers[layers[i].layer].error = held == RAMPART_UNAVAILABLE ? errno : 0;
    }
}
