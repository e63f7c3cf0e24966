/* The heap on large pages, and a worker's heap its own.
 *
 * A fork shares its parent's pages until either writes to one, and every first write costs a fault:
 * a chart made tens of thousands. A copy of the heap, made while nobody waits, costs none of them.
 */
#define _GNU_SOURCE
#include "harness/harness.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RANGES_MAX = 256, LARGE_PAGE = 2 << 20, PIECE = 8 * LARGE_PAGE };

/* What a ggplot of 1600 x 1000 pixels asks for at most. */
enum { FILL = 80 << 20 };

/* AddressSanitizer lets nobody read between the pieces that malloc gave out. */
#ifdef __SANITIZE_ADDRESS__
enum { MAY_MOVE = 0 };
#else
enum { MAY_MOVE = 1 };
#endif

static struct range {
    char *start;
    size_t length;
} ranges[RANGES_MAX];
static size_t range_count;
static bool is_filled;

/* Notes what malloc has and uses: the heap, and what was mapped for itself and is large. Some of
 * that is but reserved, such as the stack of PCRE's compiler. */
static void note_ranges(void) {
    char line[512], permissions[8];
    unsigned long start, end, inode, resident;
    int label = 0;
    bool wanted = false;
    FILE *maps = MAY_MOVE ? fopen("/proc/self/smaps", "re") : NULL;
    range_count = 0;
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL && range_count < RANGES_MAX) {
        if (sscanf(line, "%lx-%lx %7s %*s %*s %lu %n", &start, &end, permissions, &inode, &label) ==
            4) {
            bool is_heap = strncmp(line + label, "[heap]", 6) == 0;
            bool is_large = inode == 0 && line[label] == '\0' && end - start >= LARGE_PAGE;
            wanted = strcmp(permissions, "rw-p") == 0 && (is_heap || is_large);
        } else if (wanted && sscanf(line, "Rss: %lu kB", &resident) == 1 &&
                   resident * 1024 > (end - start) / 2) {
            ranges[range_count++] = (struct range){(char *)start, end - start};
        }
    }
    if (maps != NULL)
        fclose(maps);
}

/* Puts a copy in the place of a piece of the heap. It lies as the piece does to the large pages'
 * bounds, so that whole ones are moved. Nothing here may use the heap between the copy and the
 * move. */
static void replace_piece(char *start, size_t length) {
    size_t room = length + 2 * LARGE_PAGE;
    char *area = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        return;
    size_t up = ((uintptr_t)start - (uintptr_t)area) % LARGE_PAGE;
    char *copy = area + up;
    madvise(copy, length, MADV_HUGEPAGE);
    memcpy(copy, start, length);
    int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
    if (mremap(copy, length, length, flags, start) == MAP_FAILED) {
        munmap(area, room);
        return;
    }
    if (up > 0)
        munmap(area, up);
    munmap(copy + length, room - up - length);
}

/* Piece by piece, for the two copies count as the worker's peak. */
static void replace(const struct range *range) {
    char *end = range->start + range->length;
    for (char *start = range->start; start < end;) {
        char *bound = start - (uintptr_t)start % LARGE_PAGE + PIECE;
        if (bound > end)
            bound = end;
        replace_piece(start, (size_t)(bound - start));
        start = bound;
    }
}

/* Called by R in the zygote, when it is warm: gives back what the warm-up freed, and puts the rest
 * on large pages, of which a fork copies few. */
SEXP rampart_settle_heap(void) {
    malloc_trim(0);
    note_ranges();
    for (size_t i = 0; i < range_count; i++)
        replace(&ranges[i]);
    return R_NilValue;
}

/* Called by R in a spare. What the heap has grown since the fork is its own already. */
SEXP rampart_own_heap(void) {
    for (size_t i = 0; i < range_count; i++)
        replace(&ranges[i]);
    return R_NilValue;
}

/* Allocates until the heap has grown. Only then is there memory at its end that nothing has
 * touched. */
static void grow_heap(size_t by) {
    enum { PROBE = 1 << 20, PROBES_MAX = 128 };
    void *probes[PROBES_MAX];
    int count = 0;
    char *before = sbrk(0);
    mallopt(M_TOP_PAD, (int)by);
    do
        probes[count] = malloc(PROBE);
    while (probes[count++] != NULL && count < PROBES_MAX && sbrk(0) == (void *)before);
    mallopt(M_TOP_PAD, PROBE);
    while (count > 0)
        free(probes[--count]);
}

/* Called by R in a spare: has malloc keep memory that a chart will ask for, on pages that are
 * there. */
SEXP rampart_fill_heap(void) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *start = sbrk(0);
    mallopt(M_TRIM_THRESHOLD, 4 * FILL);
    mallopt(M_MMAP_THRESHOLD, 16 << 20); /* a page of pixels is from the heap, too */
    grow_heap(FILL);
    start += (page - (uintptr_t)start % page) % page;
    char *end = sbrk(0);
    if (end <= start)
        return R_NilValue;
    madvise(start, (size_t)(end - start), MADV_HUGEPAGE);
    for (volatile char *at = start; at < end; at += page)
        *at = *at;
    is_filled = true;
    return R_NilValue;
}

/* Gives that memory back where it is much to what the run may grow by: the limit is set above what
 * the worker has, and a script would get both. */
void unfill_heap(uint64_t growth_bytes) {
    if (is_filled && growth_bytes < 4 * (uint64_t)FILL)
        malloc_trim(0);
}
