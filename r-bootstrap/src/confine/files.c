/* What a worker may do to files: a Landlock ruleset of the best version that the kernel has.
 *
 * rampart_read_below() runs in the zygote. The rest runs in a worker between fork and PREPARED, as
 * the user whom the script will be, and is async-signal-safe. */
#define _GNU_SOURCE
#include "confine/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As the kernel numbers them; <linux/landlock.h> may be older than the kernel that this runs on. */
#define EXECUTE (1ull << 0)
#define WRITE_FILE (1ull << 1)
#define READ_FILE (1ull << 2)
#define READ_DIR (1ull << 3)
#define REMOVE_DIR (1ull << 4)
#define REMOVE_FILE (1ull << 5)
#define MAKE_CHAR (1ull << 6)
#define MAKE_DIR (1ull << 7)
#define MAKE_REG (1ull << 8)
#define MAKE_SOCK (1ull << 9)
#define MAKE_FIFO (1ull << 10)
#define MAKE_BLOCK (1ull << 11)
#define MAKE_SYM (1ull << 12)
#define REFER (1ull << 13)
#define TRUNCATE (1ull << 14)
#define IOCTL_DEV (1ull << 15)
#define BIND_TCP (1ull << 0)
#define CONNECT_TCP (1ull << 1)
#define ABSTRACT_SOCKET (1ull << 0)
#define SIGNAL (1ull << 1)

#define ASK_VERSION 1u /* LANDLOCK_CREATE_RULESET_VERSION */
#define PATH_BENEATH 1 /* LANDLOCK_RULE_PATH_BENEATH */

#define ON_A_FILE (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV)
#define READING (EXECUTE | READ_FILE | READ_DIR)
/* No device, socket, pipe or link is made there, and nothing there is run. */
#define SCRATCH                                                                                    \
    (READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | MAKE_REG | MAKE_DIR | REMOVE_FILE |            \
     REMOVE_DIR | REFER)

struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scope;
};

struct __attribute__((packed)) path_rule {
    uint64_t allowed;
    int32_t directory;
};

/* What each version can refuse more than the one before; all of it is refused but what a path
 * allows. */
static const struct ruleset versions[] = {
    {.files = EXECUTE | WRITE_FILE | READ_FILE | READ_DIR | REMOVE_DIR | REMOVE_FILE | MAKE_CHAR |
              MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_BLOCK | MAKE_SYM},
    {.files = REFER},
    {.files = TRUNCATE},
    {.network = BIND_TCP | CONNECT_TCP},
    {.files = IOCTL_DEV},
    {.scope = ABSTRACT_SOCKET | SIGNAL},
};

/* Where R, its packages and their libraries keep what they read. /proc, /sys, /dev and /tmp are not
 * here: no plot needs them. */
static const struct {
    const char *path;
    uint64_t allowed;
} fixed_paths[] = {
    {"/usr", READING},
    {"/lib", READING},
    {"/lib64", READING},
    {"/etc/R", READ_FILE | READ_DIR},
    {"/etc/fonts", READ_FILE | READ_DIR},
    {"/etc/alternatives", READ_FILE | READ_DIR},
    {"/etc/ld.so.cache", READ_FILE},
    {"/etc/localtime", READ_FILE},
    {"/etc/timezone", READ_FILE},
    {"/etc/passwd", READ_FILE}, /* path.expand("~user") and file.info()'s uname */
    {"/etc/group", READ_FILE},
    {"/etc/nsswitch.conf", READ_FILE},
    {"/etc/papersize", READ_FILE},
    {"/var/cache/fontconfig", READ_FILE | READ_DIR},
    {"/dev/null", READ_FILE | WRITE_FILE},
    {"/dev/zero", READ_FILE},
    {"/dev/urandom", READ_FILE},
    {"/dev/random", READ_FILE},
};

enum { PATHS_MAX = 32 };

/* R's own folders, of which only R knows. */
static char r_paths[PATHS_MAX][RAMPART_PATH_MAX];
static size_t r_path_count;

/* Notes the folders below which every worker may read. */
SEXP rampart_read_below(SEXP paths) {
    r_path_count = 0;
    for (R_xlen_t i = 0; i < XLENGTH(paths); i++) {
        const char *path = CHAR(STRING_ELT(paths, i));
        size_t length = strlen(path);
        if (length >= RAMPART_PATH_MAX || r_path_count == PATHS_MAX)
            Rf_error("a worker could not read below %s: too many folders, or a long name", path);
        memcpy(r_paths[r_path_count++], path, length + 1);
    }
    return R_NilValue;
}

/* Returns everything that a version of Landlock can refuse. */
static struct ruleset refusable(long version) {
    struct ruleset all = {0};
    for (long i = 0; i < version && i < (long)(sizeof versions / sizeof versions[0]); i++) {
        all.files |= versions[i].files;
        all.network |= versions[i].network;
        all.scope |= versions[i].scope;
    }
    return all;
}

static size_t ruleset_size(long version) {
    if (version < 4)
        return offsetof(struct ruleset, network);
    if (version < 6)
        return offsetof(struct ruleset, scope);
    return sizeof(struct ruleset);
}

/* Allows something at a path. Returns 0, or -1 with errno. */
static int allow_at(int rules, const char *path, uint64_t allowed) {
    int place = open(path, O_PATH | O_CLOEXEC);
    if (place == -1)
        return -1;
    struct stat status;
    int result = fstat(place, &status);
    if (result == 0 && !S_ISDIR(status.st_mode))
        allowed &= ON_A_FILE;
    struct path_rule rule = {.allowed = allowed, .directory = place};
    if (result == 0)
        result = (int)syscall(SYS_landlock_add_rule, rules, PATH_BENEATH, &rule, 0);
    int error = errno;
    close(place);
    errno = error;
    return result;
}

/* The same, for what need not be there, or not be this user's to see. */
static int allow_if_there(int rules, const char *path, uint64_t allowed) {
    if (allow_at(rules, path, allowed) == 0 || errno == ENOENT || errno == EACCES)
        return 0;
    return -1;
}

static int allow_paths(int rules, const char *scratch, uint64_t known) {
    for (size_t i = 0; i < sizeof fixed_paths / sizeof fixed_paths[0]; i++)
        if (allow_if_there(rules, fixed_paths[i].path, fixed_paths[i].allowed & known) == -1)
            return -1;
    for (size_t i = 0; i < r_path_count; i++)
        if (allow_if_there(rules, r_paths[i], READING & known) == -1)
            return -1;
    return allow_at(rules, scratch, SCRATCH & known);
}

/* Leaves this process the files it needs, and `scratch` to write in. Returns 0, or -1 with errno.
 */
int restrict_files(const char *scratch) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
    if (version == -1)
        return -1;
    struct ruleset all = refusable(version);
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, ruleset_size(version), 0);
    if (rules == -1)
        return -1;
    int result = allow_paths(rules, scratch, all.files);
    int refused = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ? errno : 0;
    if (result == 0)
        result = (int)syscall(SYS_landlock_restrict_self, rules, 0);
    int error = result == -1 && refused != 0 ? refused : errno;
    close(rules);
    errno = error;
    return result;
}
