/* What a dead process left in the kernel on its way through sockets.
 *
 * A process can send a Unix socket to itself, and other files with it. When it dies, nobody has
 * that socket open, and nobody can receive what is in it; yet the kernel keeps the files, and the
 * locks on them, until it next looks for such circles (unix(7), net/unix/garbage.c). It looks when
 * some Unix socket is closed, and newer kernels do so later, on a thread of their own. */
#define _GNU_SOURCE
#include "rampart_sandbox.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Sends two descriptors over a socket. Returns 0, or -1. */
static int send_both(int socket, const int descriptors[2]) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control = {0};
    struct iovec byte = {.iov_base = (char[]){0}, .iov_len = 1};
    struct msghdr message = {.msg_iov = &byte,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, 2 * sizeof(int));
    return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == 1 ? 0 : -1;
}

/* Makes such a circle, with the writing end of a pipe in it. Returns 0, or -1. */
static int make_circle(int writing_end) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0)
        return -1;
    int result = send_both(pair[0], (const int[]){pair[1], writing_end});
    int error = errno;
    close(pair[0]);
    close(pair[1]);
    errno = error;
    return result;
}

/* Has the kernel look once more. */
static void close_a_socket(void) {
    int closed = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (closed >= 0)
        close(closed);
}

/* Waits until the pipe's other end is gone. */
static int await_end(int reading_end, int timeout) {
    enum { PAUSE = 5 };
    for (int waited = 0; waited <= timeout; waited += PAUSE) {
        struct pollfd entry = {.fd = reading_end, .events = POLLIN};
        int ready = poll(&entry, 1, waited == 0 ? 1 : PAUSE);
        if (ready > 0)
            return 0;
        close_a_socket();
    }
    errno = ETIMEDOUT;
    return -1;
}

int rampart_settle_sockets(int timeout) {
    int ends[2];
    if (rampart_pipe(ends) < 0)
        return -1;
    int result = make_circle(ends[1]);
    int error = errno;
    close(ends[1]);
    if (result == 0) {
        result = await_end(ends[0], timeout);
        error = errno;
    }
    close(ends[0]);
    errno = error;
    return result;
}
