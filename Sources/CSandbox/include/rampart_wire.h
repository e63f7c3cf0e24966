/* The messages of the control sockets, as both ends see them. docs/protocol.md tells who says what,
 * and when.
 *
 * Host, zygote and worker run on one machine from one build, so the structs travel as they lie in
 * memory. Each is one SOCK_SEQPACKET message whose first field is its kind; a message of another
 * size or kind is a fault of whoever sent it. This header is compiled into the host (SwiftPM) and
 * into the R package. */
#ifndef RAMPART_WIRE_H
#define RAMPART_WIRE_H

#include <stdint.h>

/* Said in READY: a host refuses a zygote built from another version of this header. */
#define RAMPART_WIRE_VERSION 4

/* The zygote finds its control socket at this descriptor, and a worker its own. */
#define RAMPART_CONTROL_FD 3

/* What one report frame, and all of them together, may hold. The host stops reading at either. */
#define RAMPART_FRAME_MAX (1u << 20)
#define RAMPART_REPORT_MAX (8u << 20)

/* A tag is two hard limits that a worker lowers: of pending signals, and of file locks, which the
 * kernel does not heed. Nobody without privileges can raise them again, so the worker's children
 * are known whatever session or name they take. All limits of locks that tags have are at or below
 * this. */
#define RAMPART_TAG_LOCKS 1000000

/* In FORK: the worker's limits stay as they are. */
#define RAMPART_NO_TAG 0xffffffffu

/* The document of a run: what R is told of the request, as the R code of a list; a NUL; the script.
 */
#define RAMPART_DOCUMENT_MAX ((1u << 20) + (64u << 10))

/* The kinds of report frames, and the words of those that say how the script ended. The host's
 * names for them are tested against these. */
#define RAMPART_FRAME_START "start"
#define RAMPART_FRAME_SOURCE "source"
#define RAMPART_FRAME_CONDITION "condition"
#define RAMPART_FRAME_CHART "chart"
#define RAMPART_FRAME_VALUE "value"
#define RAMPART_FRAME_ERROR "error"
#define RAMPART_FRAME_END "end"
#define RAMPART_FRAME_DESCRIPTION "description"
#define RAMPART_FRAME_ADVICE "advice"
#define RAMPART_FRAME_SHORT "short"
#define RAMPART_END_COMPLETED "completed"
#define RAMPART_END_FAILED "failed"

#define RAMPART_PATH_MAX 256
#define RAMPART_ENGINE_MAX 65536

enum rampart_message {
    RAMPART_READY = 1, /* zygote to host, once: packages loaded, warmed up */
    RAMPART_FORK,      /* host to zygote, with worker's socket, stdout, stderr, report pipe */
    RAMPART_FORKED,    /* zygote to host */
    RAMPART_REAP,      /* host to zygote, when it has seen the worker die */
    RAMPART_REAPED,    /* zygote to host */
    RAMPART_PREPARED,  /* worker to host: in place, nothing of the request known yet */
    RAMPART_RUN,       /* host to worker, with one descriptor: the run's document */
    RAMPART_ACK        /* host to worker: in a transcript, the output before your frame is read */
};

/* The layers that a worker puts on itself, in the order of rampart_prepared.layers. */
enum rampart_layer {
    RAMPART_LAYER_DESCRIPTORS,
    RAMPART_LAYER_LIMITS,
    RAMPART_LAYER_USER,
    RAMPART_LAYER_SYSCALLS,
    RAMPART_LAYER_FILES,
    RAMPART_LAYER_COUNT
};

enum rampart_enforcement {
    RAMPART_OFF,
    RAMPART_ENFORCED,
    RAMPART_UNAVAILABLE /* the errno says why */
};

struct rampart_layer_state {
    int32_t enforcement;
    int32_t error; /* errno, with RAMPART_UNAVAILABLE; else 0 */
};

struct rampart_ready {
    int32_t kind;
    int32_t version;
    int32_t threads;        /* of the zygote; more than one is a fault */
    uint32_t engine_length; /* bytes of engine used */
    char
        engine[RAMPART_ENGINE_MAX]; /* JSON of rampart:::engine_info(); only what is used is sent */
};

struct rampart_fork {
    int32_t kind;
    uint32_t uid; /* the worker becomes this user and group; 0: it stays who it is */
    uint32_t gid;
    uint32_t spare; /* 1: forked ahead of its request; its heap is its own before PREPARED */
    uint32_t
        tag_pending_signals; /* RLIMIT_SIGPENDING and RLIMIT_LOCKS, by which the host tells the */
    uint32_t tag_locks;      /* run's leftover processes; RAMPART_NO_TAG in both: none */
    char scratch[RAMPART_PATH_MAX]; /* absolute, NUL-terminated; holds work/, charts/ and tmp/ */
};

struct rampart_forked {
    int32_t kind;
    int32_t error; /* errno of fork, or 0 */
    int32_t pid;
};

struct rampart_reap {
    int32_t kind;
    int32_t pid;
};

struct rampart_reaped {
    int32_t kind;
    int32_t error;  /* errno of wait4, or 0 */
    int32_t status; /* as wait4 gives it */
    int32_t pid;
    int64_t user_us; /* ru_utime, ru_stime: the worker and the children it waited for */
    int64_t system_us;
    int64_t max_rss_bytes; /* ru_maxrss, with the pages inherited from the zygote */
};

struct rampart_prepared {
    int32_t kind;
    int32_t reserved;
    struct rampart_layer_state layers[RAMPART_LAYER_COUNT];
};

struct rampart_run {
    int32_t kind;
    uint8_t transcript; /* report source lines, and wait for an ACK after each frame */
    uint8_t reserved[3];
    uint64_t cpu_seconds;   /* above what the worker has spent when this arrives */
    uint64_t growth_bytes;  /* RLIMIT_DATA above what the worker has when this arrives */
    uint64_t address_bytes; /* RLIMIT_AS above the same */
    uint64_t file_bytes;    /* RLIMIT_FSIZE */
    uint64_t processes;     /* RLIMIT_NPROC, absolute: tasks of the uid; 0: leave it */
};

struct rampart_ack {
    int32_t kind;
};

#endif
