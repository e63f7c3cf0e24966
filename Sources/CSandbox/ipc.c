/* System V objects, which outlive their makers. The kernel lists them in /proc/sysvipc; see
 * proc(5). */
#define _GNU_SOURCE
#include "rampart_sandbox.h"

#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

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

/* Calls `visit` with each object of the user. Returns how many there were. */
static int visit_all(uid_t user, void (*visit)(void *context, size_t list, int identifier),
                     void *context) {
    int count = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        char line[512];
        FILE *file = fopen(lists[i].path, "re");
        if (!file)
            continue; /* a kernel without System V objects */
        while (fgets(line, sizeof line, file)) {
            int identifier;
            unsigned owner, creator;
            if (sscanf(line, lists[i].line, &identifier, &owner, &creator) != 3)
                continue;
            if (owner != user && creator != user)
                continue;
            visit(context, i, identifier);
            count++;
        }
        fclose(file);
    }
    return count;
}

struct removal {
    const int *spared;
    size_t spared_count;
    int removed;
    int failed;
};

static void remove_one(void *context, size_t list, int identifier) {
    struct removal *removal = context;
    for (size_t i = 0; i < removal->spared_count; i++)
        if (removal->spared[i] == identifier)
            return;
    if (lists[list].remove(identifier) == 0)
        removal->removed++;
    else
        removal->failed++;
}

int rampart_remove_ipc(uid_t user, const int *spared, size_t spared_count) {
    struct removal removal = {.spared = spared, .spared_count = spared_count};
    visit_all(user, remove_one, &removal);
    return removal.failed ? -1 : removal.removed;
}

struct listing {
    int *identifiers;
    size_t capacity;
    size_t count;
};

static void list_one(void *context, size_t list, int identifier) {
    struct listing *listing = context;
    (void)list;
    if (listing->count < listing->capacity)
        listing->identifiers[listing->count++] = identifier;
}

int rampart_list_ipc(uid_t user, int *identifiers, size_t capacity) {
    struct listing listing = {.identifiers = identifiers, .capacity = capacity};
    return visit_all(user, list_one, &listing);
}
