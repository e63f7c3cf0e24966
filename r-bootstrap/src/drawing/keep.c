/* Keeps pages while the script goes on, so that a run that is killed for a limit has its charts.
 *
 * To write a page after each expression would cost every script its time. So it is written when the
 * script has gone on for a while: R comes here wherever it would take an interrupt, and in
 * Sys.sleep(). What does neither for long, such as one call of LAPACK's right after the drawing,
 * has the page lost. Runs in a worker while its script runs, on R's stack. */
#include "drawing/drawing.h"

#include <time.h>

/* Not in every R's interface: where they are hidden, pages are kept between expressions only. */
extern void (*R_PolledEvents)(void) __attribute__((weak));
extern int R_wait_usec __attribute__((weak));

enum { DELAY_MS = 100, PAUSE_MS = 250, SLEEP_US = 50000 };

static struct {
    bool is_due;      /* there is something to keep */
    int64_t since_ms; /* when the first expression that drew it ended */
    int64_t kept_ms;  /* when pages were last kept */
} keeping;

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * (int64_t)1000 + now.tv_nsec / 1000000;
}

/* Whether something was drawn that a kill would lose. */
static bool has_unkept_pages(void) {
    for (int i = 0; i < DEVICES_MAX; i++)
        if (is_captured(&devices[i]) && devices[i].drawn)
            return true;
    return false;
}

/* Gives every page, as far as it is drawn, its file and its name. It may be drawn on further. */
static void keep_pages(void) {
    char name[NAME_BYTES];
    for (int i = 0; i < DEVICES_MAX; i++) {
        if (!is_captured(&devices[i]) || !devices[i].drawn)
            continue;
        devices[i].drawn = false;
        if (write_page(&devices[i]))
            publish_page(&devices[i], name);
    }
}

static void keep_when_due(void) {
    int64_t now = now_ms();
    if (!keeping.is_due || now - keeping.since_ms < DELAY_MS || now - keeping.kept_ms < PAUSE_MS)
        return;
    keeping.is_due = false;
    if (&R_wait_usec != NULL)
        R_wait_usec = 0;
    keep_pages();
    keeping.kept_ms = now_ms();
}

/* A top-level expression has ended: what is on a page was meant to be there. */
void expression_ended(void) {
    if (!keeping.is_due && has_unkept_pages()) {
        keeping.is_due = true;
        keeping.since_ms = now_ms();
        if (&R_wait_usec != NULL && &R_PolledEvents != NULL) {
            R_wait_usec = SLEEP_US;
            R_PolledEvents = keep_when_due;
        }
    }
    keep_when_due();
}
