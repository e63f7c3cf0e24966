/* How a worker confines itself, and what the zygote shuts before it forks one. */
#ifndef RAMPART_CONFINE_H
#define RAMPART_CONFINE_H

#define R_NO_REMAP
#include <Rinternals.h>

#include <stdbool.h>
#include <stdint.h>

#include "wire/wire.h"

/* confine.c */
struct layer {
    enum rampart_layer layer;
    enum rampart_enforcement (*apply)(const struct rampart_fork *);
};
/* In the order in which a worker puts them on itself. */
extern const struct layer layers[RAMPART_LAYER_COUNT];
int take_descriptors(const int received[4]);
void confine(const struct rampart_fork *request, struct rampart_prepared *answer);

/* files.c */
int restrict_files(const char *scratch);
SEXP rampart_read_below(SEXP paths);

/* syscalls.c */
int filter_syscalls(bool alone);

/* limits.c */
int lower_fixed_limits(const struct rampart_fork *request);
int lower_run_limits(const struct rampart_run *run);
int read_status(int descriptor, const char *field, uint64_t *value);
int count_threads(void);

/* last_words.c */
void heed_aborts(void);

/* offline.c */
SEXP rampart_stay_offline(void);

#endif
