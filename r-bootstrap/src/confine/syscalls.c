/* The filter of system calls, built from the rows of syscall_policy.h.
 *
 * Runs in a worker between fork and PREPARED. Async-signal-safe. */
#define _GNU_SOURCE
#include "confine/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#if defined __x86_64__
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#define FOREIGN_NUMBERS 0x40000000u /* x32 borrows this architecture's name */
#elif defined __aarch64__
#define NATIVE_ARCHITECTURE                                                                        \
    AUDIT_ARCH_AARCH64 /* these rows have not been tried on such a machine */
#else
#error "syscall_policy.h has not been read for this architecture"
#endif

/* The bits of clone's flags that matter: CLONE_THREAD has to be there, the others must not be. */
#define THREAD_FLAGS                                                                               \
    (CLONE_THREAD | CLONE_VFORK | CLONE_PTRACE | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |    \
     CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

enum scope {
    ALWAYS,
    WHERE_MASKED, /* (argument & mask) == value */
    WHERE_ALONE,  /* the same, for a user that is nobody else */
    WHERE_SELF    /* argument == own pid */
};

struct rule {
    int call;
    uint32_t action;
    enum scope scope;
    unsigned argument;
    uint32_t mask;
    uint32_t value;
};

#define ANSWER(error) (SECCOMP_RET_ERRNO | (error))
#define ALLOW(call) {__NR_##call, SECCOMP_RET_ALLOW, ALWAYS, 0, 0, 0},
#define ALLOW_WHERE(call, argument, mask, value)                                                   \
    {__NR_##call, SECCOMP_RET_ALLOW, WHERE_MASKED, argument, mask, value},
#define ALLOW_ALONE(call, argument, mask, value)                                                   \
    {__NR_##call, SECCOMP_RET_ALLOW, WHERE_ALONE, argument, mask, value},
#define ALLOW_SELF(call, argument) {__NR_##call, SECCOMP_RET_ALLOW, WHERE_SELF, argument, ~0u, 0},
#define REFUSE(call, error) {__NR_##call, ANSWER(error), ALWAYS, 0, 0, 0},
#define IGNORE(call) {__NR_##call, ANSWER(0), ALWAYS, 0, 0, 0},
#define IGNORE_WHERE(call, argument, mask, value)                                                  \
    {__NR_##call, ANSWER(0), WHERE_MASKED, argument, mask, value},

static const struct rule rules[] = {
#include "confine/syscall_policy.h"
};

enum {
    SHELF = 32,
    SHELVES = 16,
    RULES = sizeof rules / sizeof rules[0],
    LONGEST_RULE = 6,
    AROUND_A_SHELF = 3,
    HEAD_AND_TAIL = 8
};

struct program {
    struct sock_filter code[RULES * LONGEST_RULE + SHELVES * AROUND_A_SHELF + HEAD_AND_TAIL];
    size_t length;
};

static size_t emit(struct program *program, unsigned code, uint32_t operand) {
    program->code[program->length] = (struct sock_filter){.code = (uint16_t)code, .k = operand};
    return program->length++;
}

/* Makes the jump at `jump` skip all that was emitted since, if its comparison holds. */
static void skip_if(struct program *program, size_t jump) {
    program->code[jump].jt = (uint8_t)(program->length - jump - 1);
}

/* The same, if it does not hold. */
static void skip_unless(struct program *program, size_t jump) {
    program->code[jump].jf = (uint8_t)(program->length - jump - 1);
}

static void load(struct program *program, size_t offset) {
    emit(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

static void answer(struct program *program, uint32_t action) {
    emit(program, BPF_RET | BPF_K, action);
}

/* The argument's low half: both architectures are little-endian. */
static size_t argument_offset(unsigned argument) {
    return offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);
}

static void add_rule(struct program *program, const struct rule *rule, uint32_t self) {
    size_t other_call = emit(program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)rule->call);
    if (rule->scope == ALWAYS) {
        answer(program, rule->action);
        skip_unless(program, other_call);
        return;
    }
    load(program, argument_offset(rule->argument));
    emit(program, BPF_ALU | BPF_AND | BPF_K, rule->mask);
    uint32_t wanted = rule->scope == WHERE_SELF ? self : rule->value;
    size_t other_value = emit(program, BPF_JMP | BPF_JEQ | BPF_K, wanted);
    answer(program, rule->action);
    skip_unless(program, other_value);
    load(program, offsetof(struct seccomp_data, nr)); /* the argument took its place */
    skip_unless(program, other_call);
}

static void refuse_foreign_calls(struct program *program) {
    load(program, offsetof(struct seccomp_data, arch));
    size_t native = emit(program, BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCHITECTURE);
    answer(program, SECCOMP_RET_KILL_PROCESS);
    skip_if(program, native);
    load(program, offsetof(struct seccomp_data, nr));
#ifdef FOREIGN_NUMBERS
    size_t borrowed = emit(program, BPF_JMP | BPF_JGE | BPF_K, FOREIGN_NUMBERS);
    answer(program, ANSWER(EPERM));
    skip_unless(program, borrowed);
#endif
}

static void add_rules(struct program *program, int first, bool alone) {
    uint32_t self = (uint32_t)getpid();
    for (size_t i = 0; i < RULES; i++) {
        if (rules[i].call < first || rules[i].call >= first + SHELF)
            continue;
        if (rules[i].scope != WHERE_ALONE || alone)
            add_rule(program, &rules[i], self);
    }
}

/* The rows lie on shelves by their calls' numbers, so that a call is compared with few of them: the
 * kernel runs the program for every number there is when the filter is put on. */
static void build(struct program *program, bool alone) {
    refuse_foreign_calls(program);
    for (int first = 0; first < SHELVES * SHELF; first += SHELF) {
        size_t here = emit(program, BPF_JMP | BPF_JGE | BPF_K, (uint32_t)(first + SHELF));
        size_t further = emit(program, BPF_JMP | BPF_JA, 0); /* conditional jumps reach 255 */
        skip_unless(program, here);
        add_rules(program, first, alone);
        answer(program, ANSWER(ENOSYS));
        program->code[further].k = (uint32_t)(program->length - further - 1);
    }
    answer(program, ANSWER(ENOSYS));
}

/* Puts the filter on this process, which has one thread. `alone`: its user owns nothing but its
 * scratch directory. Returns 0, or -1 with errno. */
int filter_syscalls(bool alone) {
    static struct program program;
    uint64_t threads = 0;
    if (read_status(STATUS_AT, "\nThreads:", &threads) == -1)
        return -1;
    if (threads != 1) {
        errno = EBUSY; /* the others would go on without it */
        return -1;
    }
    build(&program, alone);
    struct sock_fprog filter = {.len = (unsigned short)program.length, .filter = program.code};
    int refused = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ? errno : 0;
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0)
        return 0;
    if (refused != 0)
        errno = refused; /* the first step that failed, where the second needed it */
    return -1;
}
