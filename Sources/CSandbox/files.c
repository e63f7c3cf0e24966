/* Files and processes by descriptor, on the host's side. */
#define _GNU_SOURCE
#include "rampart_sandbox.h"
#include "refusals.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int rampart_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC);
}

int rampart_pidfd_open(pid_t pid) {
    return is_refused(RAMPART_CALL_PIDFD_OPEN) ? -1 : (int)syscall(SYS_pidfd_open, pid, 0);
}

static int open_resolving(int directory, const char *name, int flags) {
    struct open_how how = {.flags = (unsigned)flags,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV};
    if (is_refused(RAMPART_CALL_OPENAT2))
        return -1;
    return (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
}

int rampart_pidfd_kill(int process) {
    return (int)syscall(SYS_pidfd_send_signal, process, SIGKILL, NULL, 0);
}

void rampart_scheduling(pid_t pid, unsigned char *bytes) {
    enum { ATTRIBUTES = RAMPART_SCHEDULING_BYTES - sizeof(int), OF_A_PROCESS = 1 };
    memset(bytes, 0, RAMPART_SCHEDULING_BYTES);
    syscall(SYS_sched_getattr, pid, bytes, ATTRIBUTES, 0);
    int priority = (int)syscall(SYS_ioprio_get, OF_A_PROCESS, pid);
    memcpy(bytes + ATTRIBUTES, &priority, sizeof priority);
}

int rampart_open_beneath(int directory, const char *name, int flags) {
    flags |= O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    int file = open_resolving(directory, name, flags);
    if (file >= 0 || (errno != ENOSYS && errno != EPERM))
        return file;
    if (strchr(name, '/') || strcmp(name, "..") == 0) {
        errno = EXDEV;
        return -1;
    }
    return openat(directory, name, flags);
}

static int write_all(int file, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        length -= (size_t)written;
    }
    return 0;
}

int rampart_anonymous_file(int directory, const void *bytes, size_t length) {
    int file = is_refused(RAMPART_CALL_MEMFD_CREATE) ? -1 : memfd_create("script", MFD_CLOEXEC);
    if (file < 0)
        file = openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file < 0)
        return -1;
    if (write_all(file, bytes, length) == 0 && lseek(file, 0, SEEK_SET) == 0)
        return file;
    int error = errno;
    close(file);
    errno = error;
    return -1;
}

/*** Emptying a folder ***/

/* A folder that is not empty is dissolved: its files are removed and its folders moved up into
 * `root`, where the outer loop finds them. So neither the depth of a tree nor a loop of binds costs
 * a descriptor more. */
struct emptying {
    int root;
    struct timespec end;
    unsigned moved; /* how many folders got a new name in root */
    int error;      /* errno of the first entry that would not go */
};

/* Notes, as the error, that the time is over. */
static bool is_late(struct emptying *work) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    bool late = now.tv_sec > work->end.tv_sec ||
                (now.tv_sec == work->end.tv_sec && now.tv_nsec >= work->end.tv_nsec);
    if (late && !work->error)
        work->error = ETIMEDOUT;
    return late;
}

/* Lets the owner enter and change a folder; never follows a link. */
static int open_up(int directory, const char *name) {
    return fchmodat(directory, name, 0700, AT_SYMLINK_NOFOLLOW);
}

int rampart_move(int from, const char *name, int to, const char *fresh) {
    if (renameat(from, name, to, fresh) == 0)
        return 0;
    if (errno != EACCES || open_up(from, name) < 0)
        return -1;
    return renameat(from, name, to, fresh);
}

static int is_dot(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Removes a file or an empty folder. Returns 0, or -1 with ENOTEMPTY where it is a folder that
 * holds something. */
static int remove_entry(int directory, const char *name) {
    if (unlinkat(directory, name, 0) == 0)
        return 0;
    if (errno != EISDIR && errno != EPERM && errno != EACCES)
        return -1;
    return unlinkat(directory, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : -1;
}

/* A folder is moved by writing to it too, for its ".." changes. */
static int move_to_root(struct emptying *work, int directory, const char *name) {
    char fresh[32];
    do
        snprintf(fresh, sizeof fresh, ".removed-%u", work->moved++);
    while (faccessat(work->root, fresh, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
    return rampart_move(directory, name, work->root, fresh);
}

static DIR *open_folder(int directory, const char *name) {
    int folder = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0 && errno == EACCES && open_up(directory, name) == 0)
        folder = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return NULL;
    fchmod(folder, 0700);
    DIR *stream = fdopendir(folder);
    if (!stream)
        close(folder);
    return stream;
}

static void dissolve(struct emptying *work, const char *name) {
    DIR *folder = open_folder(work->root, name);
    struct dirent *entry;
    if (!folder) {
        if (!work->error)
            work->error = errno;
        return;
    }
    while (!is_late(work) && (entry = readdir(folder))) {
        if (is_dot(entry->d_name) || remove_entry(dirfd(folder), entry->d_name) == 0)
            continue;
        if (move_to_root(work, dirfd(folder), entry->d_name) < 0 && !work->error)
            work->error = errno;
    }
    closedir(folder);
    if (unlinkat(work->root, name, AT_REMOVEDIR) < 0 && !work->error)
        work->error = errno;
}

/* Returns how many entries there were, or -1. */
static int empty_once(struct emptying *work) {
    int count = 0;
    int copy = openat(work->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    struct dirent *entry;
    if (!folder) {
        work->error = errno;
        if (copy >= 0)
            close(copy);
        return -1;
    }
    while (!is_late(work) && (entry = readdir(folder))) {
        if (is_dot(entry->d_name))
            continue;
        count++;
        if (remove_entry(work->root, entry->d_name) < 0)
            dissolve(work, entry->d_name);
    }
    closedir(folder);
    return count;
}

int rampart_empty_directory(int directory, int timeout) {
    struct emptying work = {.root = directory};
    clock_gettime(CLOCK_MONOTONIC, &work.end);
    work.end.tv_sec += timeout / 1000;
    work.end.tv_nsec += (long)(timeout % 1000) * 1000000;
    if (work.end.tv_nsec >= 1000000000) {
        work.end.tv_sec++;
        work.end.tv_nsec -= 1000000000;
    }
    /* Not those that an emptying which ran out of time has given. */
    work.moved = (unsigned)work.end.tv_nsec;
    fchmod(directory, 0700);
    while (!work.error && empty_once(&work) > 0) {
    }
    errno = work.error;
    return work.error ? -1 : 0;
}
