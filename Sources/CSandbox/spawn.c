/* Starts a program from the host. Between fork and exec the child calls async-signal-safe functions
 * only: the host may have threads, whose locks the child would inherit. */
#define _GNU_SOURCE
#include "rampart_sandbox.h"
#include "refusals.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where the child keeps the pipe that tells the host which step failed, and its image; an exec
 * closes both. */
enum { REPORT_FD = RAMPART_CONTROL_FD + 1, IMAGE_FD };

static void reset_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &standard, NULL); /* fails for SIGKILL and SIGSTOP, which have no other */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Raising one's own score needs no privilege, but the file is closed to a process that is not
 * dumpable, as a child of a shielded host is. Returns 0, or -1. */
static int adjust_oom_score(const char *adjustment) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    ssize_t written = write(file, adjustment, strlen(adjustment));
    close(file);
    return written < 0 ? -1 : 0;
}

/* A shell is dumpable again, and raises the score before it becomes the image. It holds nothing
 * that the image is not given. Returns only where there is no shell. */
static void become_through_shell(const struct rampart_program *program) {
    enum { ARGUMENTS_MAX = 32 };
    static const char script[] =
        "echo \"$0\" >/proc/self/oom_score_adj; exec /proc/self/fd/5 \"$@\"";
    _Static_assert(IMAGE_FD == 5, "the script names the image's descriptor");
    const char *arguments[ARGUMENTS_MAX] = {"sh", "-c", script, program->oom_score_adjustment};
    for (size_t i = 1; program->arguments[i]; i++) {
        if (i + 4 > ARGUMENTS_MAX - 1)
            return;
        arguments[i + 3] = program->arguments[i];
    }
    fcntl(IMAGE_FD, F_SETFD, 0);
    execve("/bin/sh", (char *const *)(uintptr_t)arguments, program->environment);
    fcntl(IMAGE_FD, F_SETFD, FD_CLOEXEC);
}

/* The descriptors are first lifted above those they become, so that none overwrites another. */
static int place_descriptors(const struct rampart_program *program, int report) {
    enum { ABOVE = 16 };
    int null = open("/dev/null", O_RDWR);
    int high_null = null < 0 ? -1 : fcntl(null, F_DUPFD, ABOVE);
    int high_control = fcntl(program->control, F_DUPFD, ABOVE);
    int high_output = fcntl(program->output, F_DUPFD, ABOVE);
    int high_report = fcntl(report, F_DUPFD, ABOVE);
    int high_image = fcntl(program->image, F_DUPFD, ABOVE);
    if (high_null < 0 || high_control < 0 || high_output < 0 || high_report < 0 || high_image < 0)
        return -1;
    if (dup2(high_null, 0) < 0 || dup2(high_output, 1) < 0 || dup2(high_output, 2) < 0)
        return -1;
    if (dup2(high_control, RAMPART_CONTROL_FD) < 0)
        return -1;
    if (dup3(high_report, REPORT_FD, O_CLOEXEC) < 0)
        return -1;
    if (dup3(high_image, IMAGE_FD, O_CLOEXEC) < 0)
        return -1;
    if (syscall(SYS_close_range, IMAGE_FD + 1, ~0U, 0) == 0)
        return 0;
    for (int descriptor = IMAGE_FD + 1; descriptor < 1024; descriptor++)
        close(descriptor);
    return 0;
}

static _Noreturn void report_failure(int report) {
    int error = errno;
    ssize_t ignored = write(report, &error, sizeof error);
    (void)ignored;
    _exit(127);
}

static _Noreturn void become(const struct rampart_program *program, int report) {
    reset_signals();
    setsid();
    if (place_descriptors(program, report) < 0)
        report_failure(report);
    if (program->oom_score_adjustment && adjust_oom_score(program->oom_score_adjustment) < 0)
        become_through_shell(program);
    syscall(SYS_execveat, IMAGE_FD, "", program->arguments, program->environment, AT_EMPTY_PATH);
    report_failure(REPORT_FD);
}

/* Waits for the child's exec, which closes the pipe, or for the errno that it sends instead. */
static pid_t await_exec(pid_t pid, int report) {
    int error = 0;
    ssize_t length;
    do
        length = read(report, &error, sizeof error);
    while (length < 0 && errno == EINTR);
    close(report);
    if (length != (ssize_t)sizeof error)
        return pid;
    waitpid(pid, NULL, 0);
    errno = error;
    return -1;
}

/* fork(2), with a pipe that an exec closes. Returns 0 in the child. */
static pid_t fork_reporting(int report[2]) {
    if (pipe2(report, O_CLOEXEC) < 0)
        return -1;
    pid_t pid = is_refused(RAMPART_CALL_FORK) ? -1 : fork();
    int error = errno;
    if (pid != 0)
        close(report[1]);
    if (pid < 0)
        close(report[0]);
    errno = error;
    return pid;
}

pid_t rampart_spawn(const struct rampart_program *program) {
    int report[2];
    pid_t pid = fork_reporting(report);
    if (pid == 0)
        become(program, report[1]);
    return pid < 0 ? -1 : await_exec(pid, report[0]);
}

pid_t rampart_start(const char *path, char *const *arguments) {
    int report[2];
    pid_t pid = fork_reporting(report);
    if (pid == 0) {
        reset_signals();
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execv(path, arguments);
        report_failure(report[1]);
    }
    return pid < 0 ? -1 : await_exec(pid, report[0]);
}
