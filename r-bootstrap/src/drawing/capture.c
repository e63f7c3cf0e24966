/* Pages that a device keeps in memory, and that are written here.
 *
 * Runs in a worker while its script draws, on R's stack. */
#include "drawing/drawing.h"

#include <R_ext/Print.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/harness.h"

struct capture {
    pDevDesc dev;
    SEXP pixels;
};

static void take_pixels(void *data) {
    struct capture *capture = data;
    capture->pixels = capture->dev->cap(capture->dev);
}

/* Where the background is not opaque, the colours that agg_png() writes are those of the pixels on
 * black. ragg divided them by alpha, rounding down. */
static void flatten(int *pixels, R_xlen_t count) {
    for (R_xlen_t i = 0; i < count; i++) {
        unsigned pixel = (unsigned)pixels[i], alpha = R_ALPHA(pixel);
        if (alpha == 255)
            continue;
        unsigned red = (R_RED(pixel) * alpha + 254) / 255;
        unsigned green = (R_GREEN(pixel) * alpha + 254) / 255;
        unsigned blue = (R_BLUE(pixel) * alpha + 254) / 255;
        pixels[i] = (int)R_RGBA(red, green, blue, 255u);
    }
}

static bool write_pixels(const char *path, SEXP pixels, double dpi) {
    if (TYPEOF(pixels) != INTSXP)
        return false;
    flatten(INTEGER(pixels), Rf_xlength(pixels));
    struct page page = {.pixels = (const uint32_t *)INTEGER(pixels),
                        .width = Rf_ncols(pixels),
                        .height = Rf_nrows(pixels),
                        .dpi = dpi};
    return write_png(path, &page);
}

/* Whether the file is as large as a file may be. The host then leaves it out, and says so. */
static bool is_cut(const char *path) {
    struct stat status;
    struct rlimit limit;
    return stat(path, &status) == 0 && getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
           (rlim_t)status.st_size >= limit.rlim_cur;
}

/* Whether a chart is on a device that keeps it in memory. */
bool is_captured(const struct device *device) {
    return device->dev != NULL && device->dpi > 0 && device->number > 0;
}

/* Writes the page that is on a device which keeps it in memory. Returns false, and leaves no file,
 * where there is no memory or no room for it. */
bool write_page(struct device *device) {
    char path[PATH_BYTES];
    struct capture capture = {.dev = device->dev, .pixels = R_NilValue};
    page_path(device, path);
    bool done = R_ToplevelExec(take_pixels, &capture);
    PROTECT(capture.pixels);
    done = done && (write_pixels(path, capture.pixels, device->dpi) || is_cut(path));
    UNPROTECT(1);
    if (!done)
        unlink(path);
    return done;
}

/* Writes such a page, of a script that is done with it; a warning says that it could not be. */
void save_page(struct device *device) {
    char text[80];
    if (!is_captured(device) || write_page(device))
        return;
    snprintf(text, sizeof text, "chart %d could not be written", device->number);
    note_text("warning", text);
    REprintf("Warning: %s\n", text);
}
