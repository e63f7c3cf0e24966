/* What the host needs of the kernel and Swift cannot say: starting a program with exactly the
 * descriptors it is given, messages that carry descriptors, and folders emptied by descriptor.
 *
 * Functions return 0 (or a count, or a descriptor) and, on failure, -1 with errno. */
#ifndef RAMPART_SANDBOX_H
#define RAMPART_SANDBOX_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "rampart_wire.h"

/* A program to start, and all that it is given. */
struct rampart_program {
    int image;                                 /* the executable, as rampart_open_image gives it */
    char *_Nullable const *_Nonnull arguments; /* NULL at the end */
    char *_Nullable const *_Nonnull environment; /* NULL at the end */
    int control;                                 /* becomes descriptor RAMPART_CONTROL_FD */
    int output;                                  /* becomes descriptors 1 and 2 */
    const char *_Nullable oom_score_adjustment; /* in digits, set before the exec; NULL leaves it */
};

/* Kernel calls that a test may have refused: bits. */
enum rampart_call {
    RAMPART_CALL_FORK = 1,
    RAMPART_CALL_PIDFD_OPEN = 2,
    RAMPART_CALL_OPENAT2 = 4,
    RAMPART_CALL_MEMFD_CREATE = 8
};

/* For tests: has these calls, and no others, fail with EPERM on this thread from now on. Returns 0;
 * -1 with ENOSYS in a release build, where nothing of it is compiled. */
int rampart_refuse(unsigned calls);

/* Opens an executable such that a process made from it is not dumpable: its environ, memory, maps
 * and descriptors are then closed to every process of the same user. The kernel does that for a
 * file that the process may not read (fs/exec.c, would_dump), so the image is a memfd copy of mode
 * 0111.
 * `*shielded` says whether that was had; else the file itself is opened. Returns a descriptor or
 * -1. */
int rampart_open_image(const char *_Nonnull path, int *_Nonnull shielded);

/* The path that the kernel was given for this program: AT_EXECFN of getauxval(3). */
const char *_Nonnull rampart_started_as(void);

/* Replaces this process by the image, execveat(2), keeping arguments and environment. Returns only
 * to say -1. */
int rampart_become_image(int image, char *_Nullable const *_Nonnull arguments);

/* Tries to read what the shield is to close of a process, as the user (0: as oneself) that a run
 * is. Returns 0 where all is refused, 1 where something could be opened, -1 where it could not be
 * tried. */
int rampart_try_reading(pid_t target, uid_t user);

/* Starts the program in a session of its own, its signals as a login leaves them, with no
 * descriptor open but those it is given. Returns its pid, or -1 with the errno of the step that
 * failed, the exec's included. */
pid_t rampart_spawn(const struct rampart_program *_Nonnull program);

/* Starts a program with the host's own environment and standard descriptors; the kernel sends it
 * SIGTERM when the host dies, where prctl(2) is allowed. Returns its pid, or -1 with the errno of
 * the exec. */
pid_t rampart_start(const char *_Nonnull path, char *_Nullable const *_Nonnull arguments);

/* Sends one message and the descriptors with it; waits at most `timeout` milliseconds for room.
 * Returns 0, or -1: ETIMEDOUT, EPIPE, … */
int rampart_send(int socket, const void *_Nonnull message, size_t length,
                 const int *_Nullable descriptors, size_t descriptor_count, int timeout);

/* Receives one message, waiting at most `timeout` milliseconds (-1: for ever). Descriptors that
 * come with it are closed: the host is given none. Returns its length, 0 at the end of the stream,
 * or -1: ETIMEDOUT, EMSGSIZE where it does not fit, … */
ssize_t rampart_receive(int socket, void *_Nonnull buffer, size_t capacity, int timeout);

/* Makes a pipe whose ends an exec closes; `ends` takes the reading and the writing one. */
int rampart_pipe(int ends[_Nonnull 2]);

/* Claims a name among all processes of the network namespace, by an abstract socket address
 * (unix(7)), which the kernel gives up with the descriptor. Returns it, or -1: EADDRINUSE where
 * another has it. */
int rampart_claim_name(const char *_Nonnull name);

/* Waits at most `timeout` milliseconds until the kernel has let go of all that dead processes had
 * on its way through sockets: files, and the locks on them. Returns 0, or -1: ETIMEDOUT, … */
int rampart_settle_sockets(int timeout);

/* pidfd_open(2): a descriptor that becomes readable when the process dies. */
int rampart_pidfd_open(pid_t pid);

/* pidfd_send_signal(2) of SIGKILL: to that process, and never to another that has its number by
 * now. Returns 0, or -1. */
int rampart_pidfd_kill(int process);

/* Writes how a process is scheduled: sched_getattr(2), then ioprio_get(2). What is refused is
 * zeros. */
enum { RAMPART_SCHEDULING_BYTES = 64 };
void rampart_scheduling(pid_t pid, unsigned char *_Nonnull bytes);

/* Sends a signal to every process that the host may signal but itself and, as kill(2) has it, the
 * first: at once, so that no process can start another meanwhile. Returns 0, or -1. */
int rampart_signal_all(int number);

/* Kills all processes of a user that is neither root nor the host's own, at once as above, by a
 * child that becomes that user. Returns 0, or -1: EPERM where it cannot become the user, EINTR
 * where it was killed itself. */
int rampart_kill_all_of(uid_t user);

/* A descriptor that is readable while one of the two is (-1: only the other), epoll(7). Returns it,
 * or -1. */
int rampart_any_of(int first, int second);

/* Moves an entry of a folder into another folder of the same file system under a fresh name,
 * following no link; a folder of a mode that forbids that is opened up first. Returns 0, or -1. */
int rampart_move(int from, const char *_Nonnull name, int to, const char *_Nonnull fresh);

/* Opens a file or folder below `directory` without following any link and without blocking.
 * openat2(2) with RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS and RESOLVE_NO_XDEV; where the kernel lacks
 * it, `name` is a single component and O_NOFOLLOW does the same. */
int rampart_open_beneath(int directory, const char *_Nonnull name, int flags);

/* An anonymous file that holds the bytes, open at its start: memfd_create(2), or where that is
 * refused an unlinked file in `directory`. */
int rampart_anonymous_file(int directory, const void *_Nonnull bytes, size_t length);

/* The name of an entry of readdir(3). The struct says 256 bytes, the stream's buffer may hold
 * fewer: Swift, which copies an array to read of it, would read past the buffer's end. */
static inline const char *_Nonnull rampart_entry_name(const struct dirent *_Nonnull entry) {
    return entry->d_name;
}

/* A System V object: a segment, a queue or a set of semaphores, each of which kinds numbers its
 * own. */
struct rampart_ipc {
    int32_t kind;
    int32_t identifier;
};

/* Lists the user's System V objects, up to `capacity`. Returns how many there are, or -1 where they
 * cannot be listed; a kernel without them has none. */
int rampart_list_ipc(uid_t user, struct rampart_ipc *_Nullable objects, size_t capacity);

/* Removes one; that it is gone already is no failure. Returns 0, or -1. */
int rampart_remove_ipc(struct rampart_ipc object);

/* All that a folder has besides its name and what is in it: its mode, its flags (FS_IOC_GETFLAGS),
 * and its extended attributes, access lists among them, with their values. Returns how many bytes
 * that is, or -1: E2BIG where it is more than there is room for. */
enum { RAMPART_ATTRIBUTES_MAX = 1 << 16 };
ssize_t rampart_attributes(int folder, unsigned char *_Nonnull bytes, size_t capacity);

/* Removes the extended attributes of a folder, as far as they can be removed. */
void rampart_clear_attributes(int folder);

/* Empties the kernel's keyring of the user, which goes with no process: keyctl(2), where it is
 * allowed. */
void rampart_clear_keys(void);

/* Removes everything in the folder, whatever its depth and modes, following no link and using a
 * fixed number of descriptors. Returns 0, or -1 with the errno of the first entry that would not
 * go: ETIMEDOUT where some were left after so many milliseconds. */
int rampart_empty_directory(int directory, int timeout);

/* Notes SIGTERM and SIGINT in place of dying of them. To be called once. Returns 0, or -1. */
int rampart_heed_stop(void);

/* The first such signal; 0 before it. */
int rampart_stop_signal(void);

/* Whether that signal came from a process of the host's own user other than the host's parent. */
bool rampart_stop_is_from_own_user(void);

/* A descriptor that becomes readable, for good, with the first such signal; -1 where none is
 * heeded. */
int rampart_stop_descriptor(void);

#endif
