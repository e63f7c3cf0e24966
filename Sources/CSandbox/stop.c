/* Notes that the process was asked to stop. The handler may run between any two instructions and
 * calls async-signal-safe functions only; all else happens where the host next waits. */
#define _GNU_SOURCE
#include "rampart_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

static volatile sig_atomic_t received;
static int bell = -1;
static int heard = -1;

static void note(int number) {
    int error = errno;
    if (received == 0)
        received = number;
    ssize_t ignored = write(bell, "", 1);
    (void)ignored;
    errno = error;
}

int rampart_heed_stop(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return -1;
    heard = ends[0];
    bell = ends[1];
    /* A second Ctrl-C ends a process that does not get to its end. */
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART | (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGTERM, &action, NULL) < 0)
        return -1;
    return sigaction(SIGINT, &action, NULL);
}

int rampart_stop_signal(void) {
    return received;
}

int rampart_stop_descriptor(void) {
    return heard;
}

static int watch(int both, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN};
    return descriptor < 0 ? 0 : epoll_ctl(both, EPOLL_CTL_ADD, descriptor, &event);
}

int rampart_any_of(int first, int second) {
    int both = epoll_create1(EPOLL_CLOEXEC);
    if (both < 0 || (watch(both, first) == 0 && watch(both, second) == 0))
        return both;
    int error = errno;
    close(both);
    errno = error;
    return -1;
}
