/* Pages that are too large as SVG: they are drawn again, as PNG, when the script is over.
 *
 * Runs in a worker while its script draws and after, on R's stack. */
#include "drawing/drawing.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/harness.h"

/* A larger SVG is a burden to whoever shows it. */
enum { SVG_BYTES_MAX = 4 << 20, OVERSIZE_MAX = 20 };

struct oversize {
    SEXP snapshot;
    int number, line;
};

static struct oversize oversizes[OVERSIZE_MAX];
static int oversize_count;

/* Whether the page on a device is too large. */
bool is_oversize(const struct device *device) {
    char path[PATH_BYTES];
    struct stat status;
    if (strcmp(device->extension, "svg") != 0 || device->page == 0)
        return false;
    page_path(device, path);
    return stat(path, &status) == 0 && status.st_size > SVG_BYTES_MAX;
}

/* Keeps what was drawn on a page, to draw it as PNG when the script is over. */
void keep_oversize(struct device *device, SEXP snapshot) {
    char path[PATH_BYTES];
    page_path(device, path);
    unlink(path);
    if (oversize_count < OVERSIZE_MAX && snapshot != R_NilValue) {
        R_PreserveObject(snapshot);
        oversizes[oversize_count++] =
            (struct oversize){.snapshot = snapshot, .number = device->number, .line = device->line};
    }
    forget_drawing(device);
}

static void draw_again(const struct oversize *page) {
    char from[PATH_BYTES], name[NAME_BYTES], text[160];
    snprintf(from, sizeof from, "%s/.oversize.png", charts_folder());
    SEXP path = PROTECT(Rf_mkString(from));
    SEXP call = PROTECT(Rf_lang2(harness_function("fallback"), path));
    Rf_eval(call, R_GlobalEnv);
    GEplaySnapshot(page->snapshot, GEcurrentDevice());
    GEkillDevice(GEcurrentDevice());
    UNPROTECT(2);
    if (!publish(from, page->number, "png", page->line, name))
        return;
    snprintf(text, sizeof text, "the SVG of chart %d was larger than %d MiB: it is %s instead",
             page->number, SVG_BYTES_MAX >> 20, name);
    note_text("warning", text);
}

/* Draws every page that was too large, when no device is open. */
void draw_oversize(void) {
    for (int i = 0; i < oversize_count; i++)
        draw_again(&oversizes[i]);
}
