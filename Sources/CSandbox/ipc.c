/* What outlives its makers in the kernel: System V objects, which it lists in /proc/sysvipc, see
 * proc(5), and keys. */
#define _GNU_SOURCE
#include "rampart_sandbox.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

static int remove_shm(int identifier) {
    return shmctl(identifier, IPC_RMID, NULL);
}

static int remove_msg(int identifier) {
    return msgctl(identifier, IPC_RMID, NULL);
}

static int remove_sem(int identifier) {
    return semctl(identifier, 0, IPC_RMID);
}

/* One list: how its lines give identifier, owner and creator, and how an entry is removed. */
static const struct {
    const char *path;
    const char *line;
    int (*remove)(int identifier);
} lists[] = {
    {"/proc/sysvipc/shm", "%*d %d %*o %*u %*d %*d %*u %u %*u %u", remove_shm},
    {"/proc/sysvipc/msg", "%*d %d %*o %*u %*u %*d %*d %u %*u %u", remove_msg},
    {"/proc/sysvipc/sem", "%*d %d %*o %*u %u %*u %u", remove_sem},
};

enum { KINDS = sizeof lists / sizeof lists[0] };

/* Adds the user's objects of one list, as far as there is room, to the `count` before them. Returns
 * how many there are then, or -1. */
static int list_kind(int kind, uid_t user, struct rampart_ipc *objects, size_t capacity,
                     int count) {
    char line[512];
    FILE *file = fopen(lists[kind].path, "re");
    if (!file)
        return errno == ENOENT ? count : -1;
    while (fgets(line, sizeof line, file)) {
        int identifier;
        unsigned owner, creator;
        if (sscanf(line, lists[kind].line, &identifier, &owner, &creator) != 3)
            continue;
        if (owner != user && creator != user)
            continue;
        if ((size_t)count < capacity)
            objects[count] = (struct rampart_ipc){.kind = kind, .identifier = identifier};
        count++;
    }
    fclose(file);
    return count;
}

int rampart_list_ipc(uid_t user, struct rampart_ipc *objects, size_t capacity) {
    int count = 0;
    for (int kind = 0; kind < KINDS && count >= 0; kind++)
        count = list_kind(kind, user, objects, capacity, count);
    return count;
}

int rampart_remove_ipc(struct rampart_ipc object) {
    if (object.kind < 0 || object.kind >= KINDS) {
        errno = EINVAL;
        return -1;
    }
    if (lists[object.kind].remove(object.identifier) == 0)
        return 0;
    return errno == EIDRM || errno == EINVAL ? 0 : -1; /* it is gone already */
}

void rampart_clear_keys(void) {
    syscall(SYS_keyctl, KEYCTL_CLEAR, KEY_SPEC_USER_KEYRING, 0, 0, 0);
}
