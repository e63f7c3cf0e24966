/* A chain of processes, each of which starts the next and ends within 100 microseconds, for 20
 * seconds. With an argument, each has timers continue it when somebody stops it. Without a C
 * library, so that a fork has next to nothing to copy. Compiled into probes.so as a program
 * (shared.c). x86_64. */
#include <sys/syscall.h>

enum {
    SECONDS = 20,
    MONOTONIC = 1,
    SIGNAL_OF_A_CHILD = 17,
    CONTINUE = 18,
    SOON = 50000,
    TIMERS = 8
};

static long call(long number, long first, long second, long third) {
    long result;
    register long fourth __asm__("r10") = 0;
    register long fifth __asm__("r8") = 0;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third), "r"(fourth), "r"(fifth)
                     : "rcx", "r11", "memory");
    return result;
}

/* timer_settime(2) takes four arguments. */
static void set_time(int timer, const void *once) {
    register long fourth __asm__("r10") = 0;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"((long)SYS_timer_settime), "D"((long)timer), "S"(0L), "d"(once),
                       "r"(fourth)
                     : "rcx", "r11", "memory");
}

static void be_continued(void) {
    struct {
        long value;
        int signal, notify;
        char rest[48];
    } event = {0, CONTINUE, 0, {0}};
    long once[4] = {0, 0, 0, SOON};
    /* A signal that is ignored does not set its timer again. */
    for (int i = 0; i < TIMERS; i++, once[3] *= 2) {
        int timer;
        if (call(SYS_timer_create, MONOTONIC, (long)&event, (long)&timer) == 0)
            set_time(timer, once);
    }
}

static long now(void) {
    long time[2];
    call(SYS_clock_gettime, MONOTONIC, (long)time, 0);
    return time[0];
}

__attribute__((used, noreturn)) static void begin(const long *arguments) {
    long end = now() + SECONDS;
    while (now() < end) {
        if (arguments[0] > 1)
            be_continued();
        if (call(SYS_clone, SIGNAL_OF_A_CHILD, 0, 0) != 0)
            break;
    }
    for (;;)
        call(SYS_exit_group, 0, 0, 0);
}

/* The number of arguments is what the stack points to. */
__asm__(".globl _start\n"
        "_start: mov %rsp, %rdi\n"
        "and $-16, %rsp\n"
        "call begin\n");
