/* All processes of a user at once. A look over /proc can miss a chain of processes each of which
 * starts the next and ends; a signal to all of them cannot: the kernel sends it to every process
 * that there is, and lets no fork finish meanwhile (kill(2) with pid -1, kernel/fork.c). */
#define _GNU_SOURCE
#include "rampart_sandbox.h"
#include "refusals.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int rampart_signal_all(int number) {
    /* The calling process is not among them. That there is no other is no failure. */
    return kill(-1, number) == 0 || errno == ESRCH ? 0 : -1;
}

int rampart_kill_all_of(uid_t user) {
    int status;
    if (user == 0 || user == geteuid()) {
        errno = EINVAL;
        return -1;
    }
    pid_t pid = is_refused(RAMPART_CALL_FORK) ? -1 : fork();
    if (pid == 0) {
        if (setresgid(user, user, user) < 0 || setresuid(user, user, user) < 0)
            _exit(2);
        _exit(rampart_signal_all(SIGKILL) == 0 ? 0 : 1);
    }
    if (pid < 0)
        return -1;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    errno = WIFEXITED(status) ? EPERM : EINTR; /* it could not become the user, or was killed */
    return -1;
}
