/* What a script can do once it runs machine code: acts that R has no function for. Compiled, with
 * attempts.c, into probes.so. Each tells errno in its last argument, 0 where it succeeded; each is
 * bounded, and none leaves the machine. x86_64. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static void tell(long result, int *error) {
    *error = result == -1 ? errno : 0;
}

void own_parent(int *pid) {
    *pid = getppid();
}

/* Signals a process through a descriptor that it is made the owner of: no kill() in it. */
void signal_by_descriptor(const int *pid, const int *number, int *error) {
    int ends[2];
    tell(pipe(ends), error);
    if (*error != 0)
        return;
    tell(fcntl(ends[0], F_SETOWN, *pid), error);
    if (*error == 0)
        tell(fcntl(ends[0], F_SETSIG, *number), error);
    if (*error == 0)
        tell(fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK), error);
    if (*error == 0)
        tell(write(ends[1], "x", 1), error);
    close(ends[0]);
    close(ends[1]);
}

/* Lowers a limit of another process. */
void limit_of(const int *pid, int *error) {
    struct rlimit old, new;
    tell(prlimit(*pid, RLIMIT_SIGPENDING, NULL, &old), error);
    if (*error != 0)
        return;
    new = old;
    if (new.rlim_cur > 1)
        new.rlim_cur--;
    tell(prlimit(*pid, RLIMIT_SIGPENDING, &new, NULL), error);
}

/* Pins another process to one processor. */
void affinity_of(const int *pid, int *error) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    tell(sched_setaffinity(*pid, sizeof one, &one), error);
}

void niceness_of(const int *pid, int *error) {
    errno = 0;
    int now = getpriority(PRIO_PROCESS, (id_t)*pid);
    if (errno == 0)
        tell(setpriority(PRIO_PROCESS, (id_t)*pid, now + 1), error);
    else
        *error = errno;
}

/* Puts another process's reading and writing behind everyone else's. */
void io_priority_of(const int *pid, int *error) {
    enum { OF_A_PROCESS = 1, IDLE = 3 << 13 };
    tell(syscall(SYS_ioprio_set, OF_A_PROCESS, *pid, IDLE), error);
}

/* Has another process run as a batch job does; a policy it can never be taken out of would do, too.
 */
void policy_of(const int *pid, int *error) {
    const struct sched_param none = {0};
    tell(sched_setscheduler(*pid, SCHED_BATCH, &none), error);
}

/* Attaches to another process and lets it go. */
void trace(const int *pid, int *error) {
    tell(ptrace(PTRACE_ATTACH, *pid, NULL, NULL), error);
    if (*error != 0)
        return;
    waitpid(*pid, NULL, __WALL);
    ptrace(PTRACE_DETACH, *pid, NULL, NULL);
}

/* Reads a word of another process's memory, at an address that a fork shares with it. */
void read_memory_of(const int *pid, int *error) {
    static long word;
    long copy = 0;
    struct iovec here = {&copy, sizeof copy}, there = {&word, sizeof word};
    tell(process_vm_readv(*pid, &here, 1, &there, 1, 0), error);
    if (*error == EFAULT)
        *error = 0; /* it looked: only the address was not there */
}

/* Takes another process's descriptor 0. */
void take_descriptor_of(const int *pid, int *error) {
    long pidfd = syscall(SYS_pidfd_open, *pid, 0);
    tell(pidfd, error);
    if (*error == 0)
        tell(syscall(SYS_pidfd_getfd, pidfd, 0, 0), error);
}

/* Leaves a segment, a queue and a semaphore behind. `error` has one number each. */
void leave_ipc(int error[3]) {
    tell(shmget(0x52505231, 4096, IPC_CREAT | 0600), &error[0]);
    tell(msgget(0x52505232, IPC_CREAT | 0600), &error[1]);
    tell(semget(0x52505233, 1, IPC_CREAT | 0600), &error[2]);
}

void leave_queue(int *error) {
    struct mq_attr small = {.mq_maxmsg = 1, .mq_msgsize = 8};
    tell(mq_open("/rampart-probe", O_CREAT | O_RDWR, 0600, &small), error);
}

/* Leaves a key in the kernel's keyring of this user, which goes with no process. */
void leave_key(int *error) {
    enum { KEYRING_OF_THE_USER = -4 };
    tell(syscall(SYS_add_key, "user", "rampart-probe", "left", 4, KEYRING_OF_THE_USER), error);
}

/* Opens a socket of a family, and does nothing with it. */
void open_socket(const int *family, int *error) {
    int type = *family == AF_ALG ? SOCK_SEQPACKET : *family == AF_NETLINK ? SOCK_RAW : SOCK_STREAM;
    int descriptor = socket(*family, type, 0);
    tell(descriptor, error);
    if (*error == 0)
        close(descriptor);
}

void abstract_socket(int *error) {
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0rampart-probe"};
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    tell(descriptor, error);
    if (*error == 0)
        tell(bind(descriptor, (struct sockaddr *)&name, sizeof name), error);
    if (*error == 0)
        tell(listen(descriptor, 1), error);
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void send_datagram(const int *port, int *error) {
    struct sockaddr_in address = loopback(*port);
    int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    tell(descriptor, error);
    if (*error != 0)
        return;
    tell(sendto(descriptor, "x", 1, 0, (struct sockaddr *)&address, sizeof address), error);
    close(descriptor);
}

/* Sends a request over TCP and keeps the answer's first bytes. */
void exchange(const int *port, const char **request, char **answer, int *error) {
    static char text[65536];
    struct sockaddr_in address = loopback(*port);
    struct timeval patience = {.tv_sec = 2};
    text[0] = '\0';
    *answer = text;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    tell(descriptor, error);
    if (*error != 0)
        return;
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    tell(connect(descriptor, (struct sockaddr *)&address, sizeof address), error);
    if (*error == 0)
        tell(write(descriptor, *request, strlen(*request)), error);
    size_t length = 0;
    ssize_t got = *error == 0 ? 1 : 0;
    while (got > 0 && length < sizeof text - 1) {
        got = read(descriptor, text + length, sizeof text - 1 - length);
        if (got > 0)
            length += (size_t)got;
    }
    text[length] = '\0';
    close(descriptor);
}

void make_ring(int *error) {
    struct io_uring_params parameters = {0};
    long ring = syscall(SYS_io_uring_setup, 1, &parameters);
    tell(ring, error);
    if (*error == 0)
        close((int)ring);
}

void watch_faults(int *error) {
    tell(syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* UFFD_USER_MODE_ONLY */), error);
}

/* Runs a program that is nowhere in the file system. */
void run_from_memory(int *error) {
    static char bytes[1 << 20];
    int file = memfd_create("probe", 0);
    tell(file, error);
    if (*error != 0)
        return;
    int program = open("/bin/true", O_RDONLY);
    ssize_t length = read(program, bytes, sizeof bytes);
    tell(length > 0 ? write(file, bytes, (size_t)length) : -1, error);
    close(program);
    if (*error != 0)
        return;
    pid_t child = fork();
    tell(child, error);
    if (child == 0) {
        char *const none[] = {"true", NULL};
        syscall(SYS_execveat, file, "", none, none + 1, AT_EMPTY_PATH);
        _exit(1);
    }
    int status = -1;
    if (child > 0)
        waitpid(child, &status, 0);
    if (*error == 0 && status != 0)
        *error = ENOEXEC;
}

/* Forks children that leave the session and sleep for a while. Returns how many. */
void fork_away(const int *wanted, int *made) {
    *made = 0;
    for (int i = 0; i < *wanted; i++) {
        pid_t child = fork();
        if (child == 0) {
            setsid();
            for (int descriptor = 0; descriptor < 64; descriptor++)
                close(descriptor);
            sleep(20);
            _exit(0);
        }
        if (child > 0)
            ++*made;
    }
}

static void *wait_a_while(void *unused) {
    sleep(1);
    return unused;
}

static void *wait_long(void *unused) {
    sleep(20);
    return unused;
}

/* Ends the first thread of this process, which goes on in another and looks dead in /proc. */
void leave_first_thread(int *error) {
    pthread_t thread;
    *error = pthread_create(&thread, NULL, wait_long, NULL);
    if (*error == 0)
        syscall(SYS_exit, 0);
}

/* Forks children that leave the session, each without its first thread. Returns how many. */
void fork_ghosts(const int *wanted, int *made) {
    *made = 0;
    for (int i = 0; i < *wanted; i++) {
        pid_t child = fork();
        if (child == 0) {
            int error;
            setsid();
            for (int descriptor = 0; descriptor < 64; descriptor++)
                close(descriptor);
            leave_first_thread(&error);
            _exit(0);
        }
        if (child > 0)
            ++*made;
    }
}

/* Makes children of its parent's, which sleep for a while. Returns how many. */
void fork_siblings(const int *wanted, int *made) {
    *made = 0;
    for (int i = 0; i < *wanted; i++) {
        long child = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
        if (child == 0) {
            sleep(20);
            _exit(0);
        }
        if (child > 0)
            ++*made;
    }
}

/* Attaches a value to a folder, and rights that what is made in it has: none. */
void attach_to(const char **folder, int error[2]) {
    static const struct {
        uint32_t version;
        struct {
            uint16_t tag, rights;
            uint32_t of;
        } entries[3];
    } none = {2, {{1, 0, UINT32_MAX}, {4, 0, UINT32_MAX}, {32, 0, UINT32_MAX}}};
    tell(setxattr(*folder, "user.left", "by a probe", 10, 0), &error[0]);
    tell(setxattr(*folder, "system.posix_acl_default", &none, sizeof none, 0), &error[1]);
}

/* Forks children that leave the session, each with so many megabytes. Returns how many. */
void fork_large(const int *wanted, const int *megabytes, int *made) {
    *made = 0;
    for (int i = 0; i < *wanted; i++) {
        pid_t child = fork();
        if (child == 0) {
            size_t size = (size_t)*megabytes << 20;
            setsid();
            char *memory =
                mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (memory != MAP_FAILED)
                memset(memory, 1, size);
            sleep(20);
            _exit(0);
        }
        if (child > 0)
            ++*made;
    }
}

/* Starts threads that wait a second. Returns how many. */
void start_threads(const int *wanted, int *made) {
    pthread_t threads[512];
    pthread_attr_t small;
    *made = 0;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (int i = 0; i < *wanted && i < 512; i++)
        if (pthread_create(&threads[*made], &small, wait_a_while, NULL) == 0)
            ++*made;
    for (int i = 0; i < *made; i++)
        pthread_join(threads[i], NULL);
}

/* Maps shared memory, of which nothing is touched. */
void map_shared(const int *gigabytes, int *error) {
    size_t size = (size_t)*gigabytes << 30;
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    tell(memory == MAP_FAILED ? -1 : 0, error);
    if (*error == 0)
        munmap(memory, size);
}

void lift_limits(int *error) {
    static const __rlimit_resource_t limits[] = {RLIMIT_AS, RLIMIT_DATA, RLIMIT_NPROC};
    const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    *error = EPERM;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (setrlimit(limits[i], &none) == 0)
            *error = 0;
}

/* getpid by the 32-bit gate, whose numbers are others. */
void call_foreign(int *pid) {
    long result = 20;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    *pid = (int)result;
}

/* Writes bytes to a descriptor. */
void write_to(const int *descriptor, const char **text, const int *length, int *error) {
    tell(write(*descriptor, *text, (size_t)*length), error);
}

/* Returns how many descriptors are open from `first` on. */
void count_descriptors(const int *first, int *count) {
    *count = 0;
    for (int descriptor = *first; descriptor < 1024; descriptor++)
        if (fcntl(descriptor, F_GETFD) != -1)
            ++*count;
}

/* Writes a report frame as the harness does: a length, then the text. */
void write_frame(const int *descriptor, const char **text, int *error) {
    const uint32_t length = (uint32_t)strlen(*text);
    tell(write(*descriptor, &length, sizeof length), error);
    if (*error == 0)
        tell(write(*descriptor, *text, length), error);
}

/* Ends the process as no R function does: R does not hear of it. */
void leave_at_once(const int *status) {
    _exit(*status);
}

void close_descriptors(const int *first, const int *last) {
    for (int descriptor = *first; descriptor <= *last; descriptor++)
        close(descriptor);
}
