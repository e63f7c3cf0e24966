/* The control sockets' packets, with the descriptors that ride on them.
 *
 * Runs in the zygote's loop and in a worker before its script. Async-signal-safe. */
#define _GNU_SOURCE
#include "wire/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 4 };

static void close_all(const int *descriptors, size_t count) {
    for (size_t i = 0; i < count; i++)
        close(descriptors[i]);
}

static size_t take_rights(struct msghdr *header, int *descriptors) {
    size_t count = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t here = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(descriptors + count, CMSG_DATA(c), here * sizeof(int));
        count += here;
    }
    return count;
}

/* Waits for one packet. Returns its length, 0 where the other end is closed, or -1 with errno:
 * EBADMSG for a packet that does not fit. `descriptors` has room for four. */
ssize_t receive_message(int socket, void *message, size_t size, int *descriptors, size_t *count) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
    } control;
    struct iovec part = {.iov_base = message, .iov_len = size};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    ssize_t length;
    do {
        length = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (length == -1 && errno == EINTR);
    *count = 0;
    if (length <= 0)
        return length;
    *count = take_rights(&header, descriptors);
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        close_all(descriptors, *count);
        *count = 0;
        errno = EBADMSG;
        return -1;
    }
    return length;
}

/* Sends one packet. Returns 0, or -1 with errno. */
int send_message(int socket, const void *message, size_t size) {
    ssize_t sent;
    do {
        sent = send(socket, message, size, MSG_NOSIGNAL);
    } while (sent == -1 && errno == EINTR);
    return sent == (ssize_t)size ? 0 : -1;
}
