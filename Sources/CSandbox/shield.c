/* The shield: processes whose memory no process of the same user can read, without prctl(2). */
#define _GNU_SOURCE
#include "rampart_sandbox.h"
#include "refusals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int copy_all(int from, int to) {
    struct stat status;
    if (fstat(from, &status) < 0)
        return -1;
    for (off_t left = status.st_size; left > 0;) {
        ssize_t copied = sendfile(to, from, NULL, (size_t)left);
        if (copied < 0 && errno == EINTR)
            continue;
        if (copied <= 0)
            return -1;
        left -= copied;
    }
    return 0;
}

/* A descriptor open for writing makes the exec fail with ETXTBSY: the copy is opened again. To be
 * read, so that the host can list what a run attaches to it. */
static int reopen(int file) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    return open(link, O_RDONLY | O_CLOEXEC);
}

/* A run that is the host's user owns the copy and can make it writable: its content is fixed for
 * good, because zygote and workers map it. A kernel without seals refuses to write to a file that
 * is executed. */
static void seal(int copy) {
    fcntl(copy, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
}

static int open_copy(int original) {
    int copy = -1;
    int image = -1;
    if (!is_refused(RAMPART_CALL_MEMFD_CREATE))
        copy = memfd_create("rampart", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (copy < 0)
        return -1;
    if (copy_all(original, copy) == 0)
        image = reopen(copy);
    if (image >= 0 && fchmod(copy, 0111) < 0) {
        close(image);
        image = -1;
    }
    seal(copy);
    close(copy);
    return image;
}

int rampart_open_image(const char *path, int *shielded) {
    int original = open(path, O_RDONLY | O_CLOEXEC);
    *shielded = 1;
    /* What may be executed and not read needs no copy. */
    if (original < 0 && errno == EACCES)
        return open(path, O_PATH | O_CLOEXEC);
    if (original < 0)
        return -1;
    int image = open_copy(original);
    close(original);
    if (image >= 0)
        return image;
    *shielded = 0;
    return open(path, O_PATH | O_CLOEXEC);
}

const char *rampart_started_as(void) {
    unsigned long path = getauxval(AT_EXECFN);
    return path ? (const char *)path : "rampart";
}

int rampart_become_image(int image, char *const *arguments) {
    return (int)syscall(SYS_execveat, image, "", arguments, environ, AT_EMPTY_PATH);
}

/* Runs in a child of the host, which may have threads: async-signal-safe. */
static int can_read(const char *const paths[], size_t count) {
    for (size_t i = 0; i < count; i++) {
        int file = open(paths[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (file >= 0)
            return 1;
    }
    return 0;
}

int rampart_try_reading(pid_t target, uid_t user) {
    enum { COUNT = 5 };
    static const char *const names[COUNT] = {"environ", "mem", "maps", "auxv", "fd"};
    char text[COUNT][64];
    const char *paths[COUNT];
    int status;
    for (int i = 0; i < COUNT; i++) {
        snprintf(text[i], sizeof text[i], "/proc/%d/%s", (int)target, names[i]);
        paths[i] = text[i];
    }
    pid_t pid = is_refused(RAMPART_CALL_FORK) ? -1 : fork();
    if (pid == 0) {
        if (user != 0 && (setresgid(user, user, user) < 0 || setresuid(user, user, user) < 0))
            _exit(2);
        _exit(can_read(paths, COUNT));
    }
    if (pid < 0)
        return -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) < 2)
        return WEXITSTATUS(status);
    errno = WIFEXITED(status) ? EPERM : EINTR; /* it could not become the user, or was killed */
    return -1;
}
