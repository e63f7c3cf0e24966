/* Lambda's worst case, as it is reported: launcher UID COMMAND [ARGUMENT]...
 *
 * Becomes one plain user that nothing else is, with no capability to gain, unless it is that user
 * already, behind a filter that answers EPERM to what a process could confine others or itself
 * with; then runs the command. */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int refused[] = {
    SYS_prctl,
    SYS_seccomp,
    SYS_landlock_create_ruleset,
    SYS_landlock_add_rule,
    SYS_ptrace,
    SYS_setns,
    SYS_landlock_restrict_self,
    SYS_mount,
    SYS_unshare,
    SYS_keyctl,
    SYS_userfaultfd,
    SYS_bpf,
#ifdef ALSO_REFUSED
    ALSO_REFUSED,
#endif
};

enum { REFUSED = sizeof refused / sizeof refused[0], HEAD = 4, TAIL = 2 };

static _Noreturn void die(const char *what) {
    const char *parts[] = {"launcher: could not ", what, ": ", strerror(errno), "\n"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (write(2, parts[i], strlen(parts[i])) < 0)
            break;
    _exit(126);
}

/* Head: the architecture, or death. Then a comparison for each call, all of which end at the tail.
 */
static void refuse_calls(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
        die("forbid new privileges");
    struct sock_filter code[HEAD + REFUSED + TAIL] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW), /* 32-bit calls are not what is tried here */
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    for (size_t i = 0; i < REFUSED; i++)
        code[HEAD + i] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (unsigned)refused[i], (unsigned char)(REFUSED - i), 0);
    code[HEAD + REFUSED] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[HEAD + REFUSED + 1] =
        (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog filter = {.len = HEAD + REFUSED + TAIL, .filter = code};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == -1)
        die("filter system calls");
}

static void become(uid_t user) {
    if (getuid() == user)
        return;
    for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == -1)
            die("empty the bounding set");
    if (setgroups(0, NULL) == -1 || setresgid(user, user, user) == -1)
        die("become the group");
    if (setresuid(user, user, user) == -1)
        die("become the user");
}

int main(int count, char **arguments) {
    long user = count > 2 ? strtol(arguments[1], NULL, 10) : 0;
    if (user <= 0) {
        errno = EINVAL;
        die("start: usage: launcher UID COMMAND [ARGUMENT]...");
    }
    become((uid_t)user);
    refuse_calls();
    execv(arguments[2], arguments + 2);
    die(arguments[2]);
}
