/* One attempt for every refusing row of r-bootstrap/src/confine/syscall_policy.h: the call with
 * arguments that harm no one, so that its errno tells who answered. Compiled, with acts.c, into
 * probes.so, which scripts load as `.C("attempt", row, name, errno)`. x86_64. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NO_ONE = 0x7ffffff0, X32 = 0x40000000 };

#define TRY(name, ...)                                                                             \
    {                                                                                              \
#name, SYS_##name, {                                                                       \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

/* A name that begins with "+" is a call that no row of the policy names. */
static const struct {
    const char *name;
    long number;
    long arguments[6];
} rows[] = {
    TRY(renameat2, AT_FDCWD, 0, AT_FDCWD, 0, 4),
    TRY(fallocate, -1, FALLOC_FL_KEEP_SIZE, 0, 1),
    TRY(flock, -1, 0),
    TRY(clone, 0x800),                  /* signal handlers without the memory they are in */
    {"clone", SYS_clone, {0x10010d00}}, /* a thread in a user namespace */
    TRY(clone3, 0, 0),
    TRY(execve),
    TRY(execveat, -1),
    TRY(fork),
    TRY(vfork),
    TRY(socket, -1),
    TRY(socketpair, -1),
    TRY(connect, -1),
    TRY(bind, -1),
    TRY(listen, -1),
    TRY(accept, -1),
    TRY(accept4, -1),
    TRY(sendto, -1),
    TRY(sendmsg, -1),
    TRY(sendmmsg, -1),
    TRY(recvfrom, -1),
    TRY(recvmsg, -1),
    TRY(recvmmsg, -1),
    TRY(shutdown, -1),
    TRY(getsockopt, -1),
    TRY(setsockopt, -1),
    TRY(getsockname, -1),
    TRY(getpeername, -1),
    TRY(kill, NO_ONE, 0),
    {"kill", SYS_kill, {0, 0}},  /* the own group */
    {"kill", SYS_kill, {-1, 0}}, /* everyone */
    TRY(tkill, NO_ONE, 0),
    TRY(tgkill, NO_ONE, NO_ONE, 0),
    TRY(rt_sigqueueinfo, NO_ONE, 0, 0),
    TRY(rt_tgsigqueueinfo, NO_ONE, NO_ONE, 0, 0),
    TRY(ptrace, 16, NO_ONE),
    TRY(process_vm_readv, NO_ONE, 0, 0, 0, 0, 1),
    TRY(process_vm_writev, NO_ONE, 0, 0, 0, 0, 1),
    TRY(process_madvise, -1),
    TRY(process_mrelease, -1),
    TRY(kcmp, NO_ONE, NO_ONE),
    TRY(pidfd_open, NO_ONE),
    TRY(pidfd_getfd, -1, -1),
    TRY(pidfd_send_signal, -1),
    TRY(prlimit64, NO_ONE),
    TRY(sched_setaffinity, NO_ONE, 0, 0),
    TRY(sched_setscheduler, NO_ONE),
    TRY(sched_setparam, NO_ONE),
    TRY(sched_setattr, NO_ONE),
    TRY(setpriority, 0, NO_ONE),
    TRY(ioprio_set, 1, NO_ONE),
    TRY(move_pages, NO_ONE),
    TRY(migrate_pages, NO_ONE),
    TRY(setpgid, NO_ONE),
    TRY(setsid),
    TRY(shmget, 0, 0, 0),
    TRY(shmat, -1),
    TRY(shmctl, -1, 9999),
    TRY(semget, 0, -1),
    TRY(semop, -1),
    TRY(semtimedop, -1),
    TRY(semctl, -1, 0, 9999),
    TRY(msgget, 0x7ead, 0),
    TRY(msgsnd, -1),
    TRY(msgrcv, -1),
    TRY(msgctl, -1, 9999),
    TRY(mq_open),
    TRY(mq_unlink),
    TRY(memfd_create),
    TRY(memfd_secret, -1),
    TRY(linkat, -1, 0, -1, 0),
    TRY(symlinkat, 0, -1, 0),
    TRY(mknodat, -1),
    TRY(fchmodat, -1, 0, 07777),
    TRY(utimensat, -1, 0, 0, -1),
    TRY(fchmod, -1, 07777),
    TRY(fchownat, -1),
    TRY(fchown, -1),
    TRY(truncate),
    TRY(name_to_handle_at, -1),
    TRY(open_by_handle_at, -1),
    TRY(inotify_init1, -1),
    TRY(inotify_add_watch, -1),
    TRY(fanotify_init, -1),
    TRY(fanotify_mark, -1),
    TRY(splice, -1, 0, -1, 0, 1),
    TRY(tee, -1, -1, 1),
    TRY(vmsplice, -1),
    TRY(link),
    TRY(symlink),
    TRY(mknod),
    TRY(chmod, 0, 07777),
    TRY(chown),
    TRY(lchown),
    TRY(inotify_init),
    TRY(fcntl, -1, F_SETOWN),
    {"fcntl", SYS_fcntl, {-1, F_SETSIG}},
    {"fcntl", SYS_fcntl, {-1, F_SETLEASE}},
    TRY(ioctl, -1, TIOCSTI),
    {"ioctl", SYS_ioctl, {-1, FIOSETOWN}},
    TRY(unshare, -1),
    TRY(setns, -1),
    TRY(mount),
    TRY(umount2),
    TRY(pivot_root),
    TRY(chroot),
    TRY(move_mount, -1),
    TRY(open_tree, -1, 0, -1),
    TRY(fsopen),
    TRY(fsconfig, -1),
    TRY(fsmount, -1),
    TRY(fspick, -1),
    TRY(mount_setattr, -1),
    TRY(bpf, -1),
    TRY(perf_event_open),
    TRY(userfaultfd, -1),
    TRY(keyctl, -1),
    TRY(add_key),
    TRY(request_key),
    TRY(io_uring_setup),
    TRY(io_uring_enter, -1),
    TRY(io_uring_register, -1),
    TRY(personality, 0xffffffff),
    TRY(settimeofday, 1),
    TRY(clock_settime, -1),
    TRY(clock_adjtime, -1),
    TRY(adjtimex),
    TRY(timer_create, -1),
    TRY(timerfd_create, -1),
    TRY(mlock),
    TRY(mlock2, 0, 0, -1),
    TRY(mlockall),
    TRY(setuid, -1),
    TRY(setgid, -1),
    TRY(setreuid, -1, -1),
    TRY(setregid, -1, -1),
    TRY(setresuid, -1, -1, -1),
    TRY(setresgid, -1, -1, -1),
    TRY(setfsuid, -1),
    TRY(setfsgid, -1),
    TRY(setgroups, -1),
    TRY(capset),
    TRY(prctl, -1),
    TRY(seccomp, -1),
    TRY(landlock_create_ruleset, 0, 0, -1),
    TRY(landlock_add_rule, -1),
    TRY(landlock_restrict_self, -1),
    {"x32 getpid", SYS_getpid + X32, {0}},
    {"x32 ptrace", 521 + X32, {16, NO_ONE}},
    {"+swapoff", SYS_swapoff, {0}},
    {"+reboot", SYS_reboot, {0}},
    {"+modify_ldt", SYS_modify_ldt, {-1}},
    {"+quotactl", SYS_quotactl, {-1}},
    {"+setxattr", SYS_setxattr, {0}},
    {"+openat2", SYS_openat2, {-1}},
    {"+get_robust_list", SYS_get_robust_list, {NO_ONE}},
    {"+cachestat", 451, {-1}}, /* since 6.5: in no header here */
    {"+fchmodat2", 452, {-1}},
};

/* fork and vfork succeed where they are not refused: their child must not come back. */
static long make(long number, const long a[6]) {
    if (number == SYS_vfork) {
        pid_t child = vfork();
        if (child == 0)
            _exit(0);
        return child;
    }
    long result = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (number == SYS_fork && result == 0)
        _exit(0);
    return result;
}

void attempt_count(int *count) {
    *count = (int)(sizeof rows / sizeof rows[0]);
}

/* Makes the attempt of a row; `error` is 0 where it succeeded. */
void attempt(const int *row, const char **name, int *error) {
    *name = rows[*row].name;
    long result = make(rows[*row].number, rows[*row].arguments);
    *error = result == -1 ? errno : 0;
}
