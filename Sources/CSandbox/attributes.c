/* What a folder carries besides its mode: a run that is its owner can leave data in it, or what all
 * that is made below inherits. */
#define _GNU_SOURCE
#include "rampart_sandbox.h"

#include <errno.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

enum { NAMES_MAX = 1 << 16 };

/* Lists the names, each with a NUL after it. Returns their length, 0 where the file system has
 * none, or -1. */
static ssize_t list_names(int folder, char names[NAMES_MAX]) {
    ssize_t length = flistxattr(folder, names, NAMES_MAX);
    return length < 0 && errno == ENOTSUP ? 0 : length;
}

/* Puts bytes behind those that are there. Returns whether there was room. */
static int put(unsigned char *bytes, size_t capacity, size_t *length, const void *more,
               size_t count) {
    if (count > capacity - *length) {
        errno = E2BIG;
        return 0;
    }
    memcpy(bytes + *length, more, count);
    *length += count;
    return 1;
}

static int put_values(int folder, unsigned char *bytes, size_t capacity, size_t *length) {
    char names[NAMES_MAX];
    ssize_t listed = list_names(folder, names);
    if (listed < 0 || !put(bytes, capacity, length, names, (size_t)listed))
        return 0;
    for (char *name = names; name < names + listed; name += strlen(name) + 1) {
        /* Without room it would tell the value's length and write nothing. */
        ssize_t got = -1;
        if (*length < capacity)
            got = fgetxattr(folder, name, bytes + *length, capacity - *length);
        else
            errno = ERANGE;
        if (got < 0) {
            errno = errno == ERANGE ? E2BIG : errno;
            return 0;
        }
        *length += (size_t)got;
    }
    return 1;
}

ssize_t rampart_attributes(int folder, unsigned char *bytes, size_t capacity) {
    struct stat status;
    size_t length = 0;
    int flags = 0;
    if (fstat(folder, &status) < 0)
        return -1;
    ioctl(folder, FS_IOC_GETFLAGS, &flags); /* a file system without them leaves 0 */
    if (!put(bytes, capacity, &length, &status.st_mode, sizeof status.st_mode) ||
        !put(bytes, capacity, &length, &flags, sizeof flags) ||
        !put_values(folder, bytes, capacity, &length))
        return -1;
    return (ssize_t)length;
}

void rampart_clear_attributes(int folder) {
    char names[NAMES_MAX];
    ssize_t listed = list_names(folder, names);
    if (listed < 0)
        return;
    for (char *name = names; name < names + listed; name += strlen(name) + 1)
        fremovexattr(folder, name);
}
