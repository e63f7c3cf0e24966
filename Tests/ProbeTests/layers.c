/* Puts layers on itself as a worker does, tries one act, and leaves with its errno:
 *
 *     layers SCRATCH ACT [LAYER]...
 *
 * Status 0: the act succeeded. 200: a layer could not be put on. */
#define _GNU_SOURCE
#include "confine/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { INHERITED = 200, USER = 61500 };
static const char *scratch;
static pid_t neighbour;

static int open_in_scratch(const char *name, int flags) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", scratch, name);
    return open(path, flags, 0600);
}

static int make_in_scratch(mode_t kind) {
    char path[512];
    snprintf(path, sizeof path, "%s/made", scratch);
    return mknod(path, kind | 0600, 0);
}

static int write_scratch(void) {
    return open_in_scratch("new", O_WRONLY | O_CREAT | O_TRUNC);
}

static int read_usr(void) {
    return open("/usr/bin/env", O_RDONLY);
}

static int read_outside(void) {
    return open("/etc/hostname", O_RDONLY);
}

static int read_proc(void) {
    return open("/proc/self/status", O_RDONLY);
}

static int write_outside(void) {
    return open("/tmp/layers-act", O_WRONLY | O_CREAT, 0600);
}

static int make_fifo(void) {
    return make_in_scratch(S_IFIFO);
}

static int make_socket(void) {
    return make_in_scratch(S_IFSOCK);
}

static int signal_neighbour(void) {
    return kill(neighbour, 0);
}

static int connect_tcp(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (descriptor == -1)
        return -1;
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0)
        return 0;
    return errno == ECONNREFUSED ? 0 : -1; /* it was let through: nobody listens */
}

static int open_socket(void) {
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int start_process(void) {
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child;
}

static int run_program(void) {
    char *const arguments[] = {"true", NULL};
    execve("/usr/bin/true", arguments, arguments + 1);
    return -1;
}

static int use_inherited(void) {
    return fcntl(INHERITED, F_GETFD);
}

static int read_shadow(void) {
    return open("/etc/shadow", O_RDONLY);
}

static int open_many(void) {
    for (int i = 0; i < 300; i++)
        if (open("/dev/null", O_RDONLY) == -1)
            return -1;
    return 0;
}

static int lock_memory(void) {
    static char page[1 << 16];
    return mlock(page, sizeof page);
}

static int allocate(void) {
    void *memory =
        mmap(NULL, 256 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? -1 : 0;
}

static int share_memory(void) {
    void *memory = mmap(NULL, 256 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? -1 : 0;
}

static int write_large(void) {
    int file = write_scratch();
    return file == -1 || pwrite(file, "x", 1, 2 << 20) == -1 ? -1 : 0;
}

static int spend_time(void) {
    clock_t end = clock() + 3 * CLOCKS_PER_SEC;
    while (clock() < end) {
    }
    return 0;
}

static int lift_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == -1)
        return -1;
    limit.rlim_max = RLIM_INFINITY;
    return setrlimit(RLIMIT_CORE, &limit);
}

static const struct {
    const char *name;
    int (*act)(void);
} acts[] = {
    {"write-scratch", write_scratch}, {"read-usr", read_usr},
    {"read-outside", read_outside},   {"read-proc", read_proc},
    {"write-outside", write_outside}, {"make-fifo", make_fifo},
    {"make-socket", make_socket},     {"signal-neighbour", signal_neighbour},
    {"connect-tcp", connect_tcp},     {"open-socket", open_socket},
    {"start-process", start_process}, {"run-program", run_program},
    {"use-inherited", use_inherited}, {"read-shadow", read_shadow},
    {"open-many", open_many},         {"lock-memory", lock_memory},
    {"allocate", allocate},           {"share-memory", share_memory},
    {"write-large", write_large},     {"spend-time", spend_time},
    {"lift-limit", lift_limit},
};

/* A process of the same user, outside of the layers, that leaves by itself. */
static pid_t start_neighbour(void) {
    pid_t child = fork();
    if (child != 0)
        return child;
    for (int descriptor = 0; descriptor < 64; descriptor++)
        close(descriptor);
    alarm(2);
    pause();
    _exit(0);
}

static const char *const names[RAMPART_LAYER_COUNT] = {
    [RAMPART_LAYER_DESCRIPTORS] = "descriptors",
    [RAMPART_LAYER_LIMITS] = "limits",
    [RAMPART_LAYER_USER] = "user",
    [RAMPART_LAYER_SYSCALLS] = "syscalls",
    [RAMPART_LAYER_FILES] = "files",
};

/* As with a request's arrival: a megabyte a file, a second, 64 MB more; shared memory has 128 MB.
 */
static int put_on_run_limits(void) {
    const struct rampart_run run = {
        .cpu_seconds = 1,
        .growth_bytes = 64 << 20,
        .address_bytes = 128 << 20,
        .file_bytes = 1 << 20,
    };
    signal(SIGXFSZ, SIG_IGN);
    return lower_run_limits(&run);
}

static int put_on(const char *name) {
    struct rampart_fork request = {
        .uid = USER, .gid = USER, .tag_pending_signals = 777, .tag_locks = 777};
    snprintf(request.scratch, sizeof request.scratch, "%s", scratch);
    for (size_t i = 0; i < RAMPART_LAYER_COUNT; i++)
        if (strcmp(name, names[layers[i].layer]) == 0) {
            if (layers[i].apply(&request) != RAMPART_ENFORCED)
                return -1;
            return layers[i].layer == RAMPART_LAYER_LIMITS ? put_on_run_limits() : 0;
        }
    return -1;
}

/* What `layers SCRATCH cost LAYER...` prints: the microseconds that the layers took. */
static void print_cost(struct timespec start) {
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    long micros = (end.tv_sec - start.tv_sec) * 1000000 + (end.tv_nsec - start.tv_nsec) / 1000;
    printf("%ld\n", micros);
}

int main(int count, char **arguments) {
    if (count < 3)
        return 64;
    scratch = arguments[1];
    int status = open("/proc/self/status", O_RDONLY);
    if (status == -1 || dup2(status, STATUS_AT) == -1 || dup2(status, INHERITED) == -1)
        return 200;
    neighbour = start_neighbour();
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 3; i < count; i++)
        if (put_on(arguments[i]) == -1)
            return 200;
    if (strcmp(arguments[2], "cost") == 0)
        print_cost(start);
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        if (strcmp(arguments[2], acts[i].name) == 0)
            return acts[i].act() == -1 ? errno : 0;
    return 0;
}
