/* How R, its packages and C++ word a refused allocation or a refused process: R 4.2 has no class
 * for them.
 *
 * Runs in a worker when its script has failed. Allocates nothing, for there may be no memory. */
#include "harness/harness.h"

#include <string.h>

/* In the English that workers are given. The first row that is found anywhere in a text decides: a
 * refused fork may name memory as its reason. */
static const struct {
    const char *words, *limit;
} refusals[] = {
    {"unable to fork", "processes"},         /* parallel */
    {"cannot fork", "processes"},            /* R */
    {"cannot popen", "processes"},           /* system(intern = TRUE) */
    {"cannot open pipe() cmd", "processes"}, /* pipe(), in a warning */
    {"cannot start processx process", "processes"},
    {"cannot allocate ", "memory"},        /* R: "vector of size", "memory block of size" */
    {"could not allocate ", "memory"},     /* R_Calloc, R_Realloc */
    {"memory exhausted", "memory"},        /* R */
    {"vector memory limit of", "memory"},  /* R 4.3 and later */
    {"ailed to allocate ", "memory"},      /* data.table, with either letter */
    {"ailed to alloc ", "memory"},         /* the same */
    {"ailed to realloc ", "memory"},       /* the same, and its sort in R */
    {"nable to allocate ", "memory"},      /* data.table */
    {"memory allocation error", "memory"}, /* stringi */
    {"bad_alloc", "memory"},               /* C++ */
    {"out of memory", "memory"},           /* libraries */
};

/* Returns the name of the limit that an error came from, by R's text, or NULL. */
const char *limit_behind(const char *text) {
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (strstr(text, refusals[i].words) != NULL)
            return refusals[i].limit;
    return NULL;
}
