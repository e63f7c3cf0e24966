/* What a worker says when it aborts: whether memory was short.
 *
 * A library that is refused a thread or an allocation and cannot go on without aborts, which looks
 * like any other crash. The handler runs in a worker, during its script, and is async-signal-safe.
 */
#define _GNU_SOURCE
#include "confine/confine.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

/* As much as a thread's stack takes. */
enum { STACK = 8 << 20 };

static bool is_memory_short(void) {
    void *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED)
        return true;
    munmap(stack, STACK);
    return false;
}

/* Not from the report's own buffer, which the script may have died in the midst of filling. */
static void say_memory_was_short(void) {
    static const char frame[] =
        "\x1e\0\0\0{\"kind\":\"" RAMPART_FRAME_SHORT "\",\"of\":\"memory\"}";
    _Static_assert(sizeof frame == 4 + 0x1e + 1, "the length is the body's");
    ssize_t ignored = write(REPORT_AT, frame, sizeof frame - 1);
    (void)ignored;
}

/* The standard action is in place again, and waits until the handler is over. */
static void speak(int number) {
    if (is_memory_short())
        say_memory_was_short();
    raise(number);
}

/* Has the signals by which libraries give up tell of memory first. */
void heed_aborts(void) {
    static const int signals[] = {SIGABRT, SIGTRAP, SIGILL};
    struct sigaction action = {.sa_handler = speak, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
}
