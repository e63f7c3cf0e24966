/* Notes that the process was asked to stop. The handler may run between any two instructions and
 * calls async-signal-safe functions only; all else happens where the host next waits. */
#define _GNU_SOURCE
#include "rampart_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <unistd.h>

static volatile sig_atomic_t received;
static volatile sig_atomic_t from_own_user;
static pid_t host;
static int bell = -1;
static int heard = -1;

/* Whether a process of the host's own user sent the signal, and not the host's parent.
 *
 * kill(2) and tgkill(2) name the sender, and no process can forge that: the kernel takes their
 * codes from nobody else. A sender outside the host's pid namespace has the pid 0. Every other code
 * but the kernel's own (a terminal's Ctrl-C) comes of something that a process prepared:
 * sigqueue(3), whose sender may lie, or a descriptor's owner, fcntl(2) with F_SETOWN and F_SETSIG.
 */
static bool is_from_own_user(const siginfo_t *info) {
    if (info->si_code == SI_KERNEL)
        return false;
    if (info->si_code != SI_USER && info->si_code != SI_TKILL)
        return true;
    return info->si_uid == geteuid() && info->si_pid != 0 && info->si_pid != getppid();
}

static void note(int number, siginfo_t *info, void *context);

/* A second Ctrl-C ends a process that does not get to its end. */
static struct sigaction heeding = {.sa_sigaction = note,
                                   .sa_flags = SA_SIGINFO | SA_RESTART | (int)SA_RESETHAND};

static void note(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    /* A child of the host's has this handler, and the bell, until it becomes another program. */
    if (getpid() != host)
        _exit(128 + number);
    bool is_own = is_from_own_user(info);
    if (received == 0) {
        from_own_user = is_own;
        received = number;
    }
    /* A run that sends two does not end the host before its answer. */
    if (is_own)
        sigaction(number, &heeding, NULL);
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
    host = getpid();
    sigemptyset(&heeding.sa_mask);
    if (sigaction(SIGTERM, &heeding, NULL) < 0)
        return -1;
    return sigaction(SIGINT, &heeding, NULL);
}

int rampart_stop_signal(void) {
    return received;
}

bool rampart_stop_is_from_own_user(void) {
    return from_own_user != 0;
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
