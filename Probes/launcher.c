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

/* The same for a process that makes 32-bit calls, which have numbers of their own
 * (asm/unistd_32.h). */
static const int refused_32[] = {
    172, /* prctl */
    354, /* seccomp */
    444, /* landlock_create_ruleset */
    445, /* landlock_add_rule */
    446, /* landlock_restrict_self */
    26,  /* ptrace */
    346, /* setns */
    21,  /* mount */
    310, /* unshare */
    288, /* keyctl */
    374, /* userfaultfd */
    357, /* bpf */
};

enum { CLONE_32 = 120, X32 = 0x40000000, NAMESPACES = 0x7e020080 };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct program {
    struct sock_filter code[128];
    unsigned short length;
};

static void emit(struct program *program, unsigned code, unsigned operand, unsigned char if_true,
                 unsigned char if_false) {
    program->code[program->length++] =
        (struct sock_filter)BPF_JUMP((unsigned short)code, operand, if_true, if_false);
}

static void load(struct program *program, size_t offset) {
    emit(program, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

/* Answers a call by its number, as long as no other argument was loaded. */
static void refuse(struct program *program, unsigned number, unsigned error) {
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
    emit(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error, 0, 0);
}

/* Refuses a list, and a process in namespaces of its own. clone3's flags lie in memory, where no
 * filter sees them: the C library falls back to clone. */
static void refuse_all(struct program *program, const int *numbers, size_t count, unsigned clone) {
    load(program, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < count; i++)
        refuse(program, (unsigned)numbers[i], EPERM);
    refuse(program, SYS_clone3, ENOSYS);
    emit(program, BPF_JMP | BPF_JEQ | BPF_K, clone, 0, 3);
    load(program, offsetof(struct seccomp_data, args[0]));
    emit(program, BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1);
    emit(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
    emit(program, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

static _Noreturn void die(const char *what) {
    const char *parts[] = {"launcher: could not ", what, ": ", strerror(errno), "\n"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (write(2, parts[i], strlen(parts[i])) < 0)
            break;
    _exit(126);
}

static void refuse_calls(void) {
    static struct program program;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
        die("forbid new privileges");
    load(&program, offsetof(struct seccomp_data, arch));
    emit(&program, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    size_t foreign = program.length;
    emit(&program, BPF_JMP | BPF_JA, 0, 0, 0);
    load(&program, offsetof(struct seccomp_data, nr));
    emit(&program, BPF_JMP | BPF_JGE | BPF_K, X32, 0, 1);
    emit(&program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
    refuse_all(&program, refused, COUNT(refused), SYS_clone);
    program.code[foreign].k = program.length - (unsigned)foreign - 1;
    refuse_all(&program, refused_32, COUNT(refused_32), CLONE_32);
    struct sock_fprog filter = {.len = program.length, .filter = program.code};
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
