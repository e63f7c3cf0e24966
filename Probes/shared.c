/* What a run shares with others, or leaves behind it: locks, the file that R was started from,
 * blocks of the disk, memory of the kernel, and processes that outrun a look for them. Compiled,
 * with acts.c, into probes.so. x86_64. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { RANGE = 4711, KEPT = 20 };

static struct flock range(short kind) {
    return (struct flock){.l_type = kind, .l_whence = SEEK_SET, .l_start = RANGE, .l_len = 1};
}

/* Whether somebody but this process's own POSIX locks has a lock on the range. */
static int is_locked(int file) {
    struct flock asked = range(F_WRLCK);
    return fcntl(file, F_GETLK, &asked) == 0 && asked.l_type != F_UNLCK;
}

/* Leaves a lock and a flag on standard input. Tells whether an earlier run's were there, and
 * whether who opens /dev/null sees this one's lock. */
void mark_input(int *found, int *seen) {
    struct flock lock = range((fcntl(0, F_GETFL) & O_ACCMODE) == O_RDONLY ? F_RDLCK : F_WRLCK);
    int other = open("/dev/null", O_RDWR | O_CLOEXEC);
    *found = is_locked(0) || (fcntl(0, F_GETFL) & O_APPEND) != 0;
    fcntl(0, F_OFD_SETLK, &lock);
    fcntl(0, F_SETFL, O_APPEND);
    *seen = other >= 0 && is_locked(other);
    close(other);
}

/* Locks a file that anybody can read. Tells how many kinds of lock another process would see. */
void lock_file(const char **path, int *seen) {
    int mine = open(*path, O_RDONLY | O_CLOEXEC), other = open(*path, O_RDONLY | O_CLOEXEC);
    struct flock lock = range(F_RDLCK);
    *seen = 0;
    if (mine < 0 || other < 0)
        return;
    fcntl(mine, F_OFD_SETLK, &lock);
    *seen += is_locked(other);
    flock(mine, LOCK_EX | LOCK_NB);
    *seen += flock(other, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK;
    lock.l_type = F_UNLCK;
    fcntl(mine, F_OFD_SETLK, &lock);
    lock.l_type = F_RDLCK;
    fcntl(mine, F_SETLK, &lock);
    lock.l_type = F_WRLCK;
    *seen += fcntl(other, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    close(other);
    close(mine);
}

/* Sends descriptors over a socket. */
static void send_descriptors(int socket, const int *descriptors, size_t count) {
    char control[CMSG_SPACE(3 * sizeof(int))] = {0};
    struct iovec byte = {.iov_base = (char[]){0}, .iov_len = 1};
    struct msghdr message = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = control};
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Puts a file on its way through a socket that nobody will have open, and to the host. */
static void send_away(int file) {
    enum { CONTROL = 3 };
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0) {
        send_descriptors(pair[0], (const int[]){pair[0], pair[1], file}, 3);
        close(pair[0]);
        close(pair[1]);
    }
    send_descriptors(CONTROL, &file, 1);
}

/* Has a child lock a file that anybody can read, send it away and end. Tells whether a lock of an
 * earlier run is there, and whether the child's is when it is dead. */
void lock_in_flight(const char **path, int *found, int *outlived) {
    struct flock lock = range(F_RDLCK);
    int file = open(*path, O_RDONLY | O_CLOEXEC);
    *found = is_locked(file);
    *outlived = 0;
    pid_t child = fork();
    if (child == 0) {
        int mine = open(*path, O_RDONLY | O_CLOEXEC);
        fcntl(mine, F_OFD_SETLK, &lock);
        send_away(mine);
        _exit(0);
    }
    if (child > 0 && waitpid(child, NULL, 0) == child)
        *outlived = is_locked(file);
    close(file);
}

/* Locks a folder as hosts do, and sends it away. */
void lock_folder_in_flight(const char **path, int *error) {
    int folder = open(*path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *error = flock(folder, LOCK_EX | LOCK_NB) == -1 ? errno : 0;
    send_away(folder);
    close(folder);
}

/* Leaves a mode and a value on a file. Tells whether those of an earlier run are there, and errno
 * of both acts. */
void mark_file(const char **path, int *found, int error[2]) {
    struct stat status = {0};
    char value[8];
    stat(*path, &status);
    *found = (status.st_mode & 07777) == 0751 || getxattr(*path, "user.left", value, 8) > 0;
    error[0] = chmod(*path, 0751) == -1 ? errno : 0;
    error[1] = setxattr(*path, "user.left", "here", 4, 0) == -1 ? errno : 0;
}

/* Takes blocks of the disk behind the end of an empty file. */
void reserve(const char **path, const int *megabytes, int *error) {
    int file = open(*path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    int result = fallocate(file, FALLOC_FL_KEEP_SIZE, 0, (off_t)*megabytes << 20);
    *error = result == -1 ? errno : 0;
    close(file);
}

static int can_attach(int file) {
    static const char value[4096];
    return fsetxattr(file, "user.held", value, sizeof value, 0) == 0;
}

static int can_widen_pipe(void) {
    int ends[2];
    if (pipe(ends) == -1)
        return 0;
    int size = fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    close(ends[0]);
    close(ends[1]);
    return size > 0;
}

static int can_make_timer(void) {
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    int timer;
    return syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) == 0;
}

/* Each lock is a piece of the kernel's memory: between two of them lies a byte that has none. */
static int can_lock_often(int file) {
    for (int i = 0; i < 1000; i++) {
        struct flock lock = range(F_WRLCK);
        lock.l_start += 2 * i;
        fcntl(file, F_OFD_SETLK, &lock);
    }
    return is_locked(file);
}

/* Holds memory that counts for no limit of the process. Tells which ways are open. */
void hold_memory(int open_ways[5]) {
    int file = open("held", O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    open_ways[0] = can_attach(file);
    open_ways[1] = can_widen_pipe();
    open_ways[2] = memfd_create("held", MFD_CLOEXEC) >= 0;
    open_ways[3] = can_make_timer();
    open_ways[4] = can_lock_often(file);
    close(file);
}

/* Queues a signal to a process that looks as if the first process, as root, had sent it. */
void forge_signal(const int *pid, const int *number, int *error) {
    siginfo_t info = {.si_signo = *number, .si_code = SI_QUEUE};
    info.si_pid = 1;
    *error = syscall(SYS_rt_sigqueueinfo, *pid, *number, &info) == -1 ? errno : 0;
}

/* chain.c as a program, put in place by the assembler. */
__asm__(".section .rodata\n"
        "chain_begin: .incbin \"chain\"\n"
        "chain_end: .previous\n");
extern const char chain_begin[], chain_end[];

static int write_program(const char *path) {
    int file = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0700);
    if (file < 0)
        return -1;
    ssize_t written = write(file, chain_begin, (size_t)(chain_end - chain_begin));
    close(file);
    chmod(path, 0700);
    return written == chain_end - chain_begin ? 0 : -1;
}

/* Takes the name by which hosts of this user stop everything but each other. */
static int claim_freeze(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "rampart-freeze-%u",
                          (unsigned)getuid());
    int claim = socket(AF_UNIX, SOCK_DGRAM, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
    if (claim >= 0 && bind(claim, (struct sockaddr *)&address, size) == 0)
        return dup2(claim, KEPT);
    return -1;
}

/* Starts chains of processes, each of which starts the next and ends, in sessions of their own.
 * How: 0, plainly; 1, with timers that continue them; 2, with a claim of the host's. */
void start_chains(const int *wanted, const int *how, int *started) {
    char *const arguments[] = {(char *)"red-chain", *how == 1 ? (char *)"continue" : NULL, NULL};
    *started = 0;
    if (write_program("red-chain") == -1 || (*how == 2 && claim_freeze() == -1))
        return;
    for (int i = 0; i < *wanted; i++) {
        int status = 0;
        pid_t child = fork();
        if (child == 0) {
            pid_t next = fork();
            if (next != 0)
                _exit(next < 0);
            setsid();
            syscall(SYS_close_range, 0, KEPT - 1, 0);
            syscall(SYS_close_range, KEPT + 1, ~0U, 0);
            execv("red-chain", arguments);
            _exit(1);
        }
        if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
            ++*started;
    }
}
