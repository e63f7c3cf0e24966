/* The pages of the harness's own graphics device: when one is complete, its file gets its name.
 *
 * Runs in a worker while its script draws, on R's stack. A device writes its pages under a name of
 * its own; some of its callbacks are wrapped, so that every page and font is seen whatever graphics
 * system began or asked for it. */
#include "rampart.h"

#include <R_ext/GraphicsEngine.h>
#include <R_ext/Print.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEVICES_MAX = 64, FAMILIES_MAX = 64, PLOTS_MAX = 20, OVERSIZE_MAX = 20 };
enum { PATTERN_BYTES = 400, PATH_BYTES = 512, NAME_BYTES = 32, FAMILY_BYTES = 201 };

/* A larger SVG is a burden to whoever shows it, and becomes a PNG. */
enum { SVG_BYTES_MAX = 4 << 20 };

typedef void (*text_callback)(double, double, const char *, double, double, const pGEcontext,
                              pDevDesc);

struct device {
    pDevDesc dev; /* NULL: the slot is free */
    char pattern[PATTERN_BYTES];
    char extension[8];
    double dpi;   /* of pages that are captured and written here; 0: the device writes its own */
    int page;     /* of the device: its files count from 1 */
    int number;   /* of the chart that the page becomes */
    int line;     /* of the top-level expression that began it */
    bool drawn;   /* since it was last kept */
    bool kept;    /* it has its name already, and was reported */
    SEXP drawing; /* the frame that prints a ggplot on it, preserved, or R_NilValue */
    void (*new_page)(const pGEcontext, pDevDesc);
    void (*close)(pDevDesc);
    void (*mode)(int, pDevDesc);
    text_callback text, text_utf8;
};

/* A page that was too large as SVG, to be drawn again. */
struct oversize {
    SEXP snapshot;
    int number, line;
};

static struct device devices[DEVICES_MAX];
static struct oversize oversizes[OVERSIZE_MAX];
static int oversize_count;
static int charts; /* how many pages were begun, of all devices */
static char directory[PATTERN_BYTES];
static SEXP plots; /* list of list(name, drawing) */
static int plot_count;
static bool script_failed;

static struct device *find(pDevDesc dev) {
    for (int i = 0; i < DEVICES_MAX; i++)
        if (devices[i].dev == dev)
            return &devices[i];
    return NULL;
}

static void page_path(const struct device *device, char path[PATH_BYTES]) {
    snprintf(path, PATH_BYTES, "%s-%d.%s", device->pattern, device->page, device->extension);
}

/* A page's file is whole: it gets the name that the host looks for. */
static bool place(const char *from, int number, const char *extension, char name[NAME_BYTES]) {
    char to[PATH_BYTES];
    snprintf(name, NAME_BYTES, "chart-%03d.%s", number, extension);
    snprintf(to, sizeof to, "%s/%s", directory, name);
    return rename(from, to) == 0;
}

static bool publish(const char *from, int number, const char *extension, int line,
                    char name[NAME_BYTES]) {
    if (!place(from, number, extension, name))
        return false;
    report_chart(name, line, NULL);
    return true;
}

static bool publish_page(struct device *device, char name[NAME_BYTES]) {
    char from[PATH_BYTES];
    page_path(device, from);
    if (!place(from, device->number, device->extension, name))
        return false;
    if (!device->kept)
        report_chart(name, device->line, NULL);
    device->kept = true;
    return true;
}

static void forget_drawing(struct device *device) {
    if (device->drawing != R_NilValue)
        R_ReleaseObject(device->drawing);
    device->drawing = R_NilValue;
}

/* What a ggplot left in the frame that printed it: R_NilValue where it failed before it drew. */
static SEXP take_drawing(struct device *device) {
    SEXP call = PROTECT(Rf_lang2(harness_function("drawn"), device->drawing));
    SEXP drawn = call_quietly(call);
    UNPROTECT(1);
    return drawn;
}

static void keep_plot(const char *name, SEXP drawn) {
    if (plot_count == PLOTS_MAX || drawn == R_NilValue)
        return;
    PROTECT(drawn);
    SEXP plot = Rf_allocVector(VECSXP, 2);
    SET_VECTOR_ELT(plots, plot_count++, plot);
    SET_VECTOR_ELT(plot, 0, Rf_mkString(name));
    SET_VECTOR_ELT(plot, 1, drawn);
    UNPROTECT(1);
}

static void complete_page(struct device *device) {
    char from[PATH_BYTES], name[NAME_BYTES];
    bool is_plot = device->drawing != R_NilValue;
    SEXP drawn = PROTECT(is_plot ? take_drawing(device) : R_NilValue);
    page_path(device, from);
    if (script_failed && is_plot && drawn == R_NilValue) {
        unlink(from); /* the error came before anything was drawn on it */
    } else if (publish_page(device, name)) {
        keep_plot(name, drawn);
    }
    UNPROTECT(1);
    forget_drawing(device);
}

/*** Pages that are captured ***/

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

static bool is_captured(const struct device *device) {
    return device->dev != NULL && device->dpi > 0 && device->page > 0;
}

/* Writes the page that is on a device which keeps it in memory. Returns false, and leaves no file,
 * where there is no memory or no room for it. */
static bool write_page(struct device *device) {
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

static void save_page(struct device *device) {
    char text[80];
    if (!is_captured(device) || write_page(device))
        return;
    snprintf(text, sizeof text, "chart %d could not be written", device->number);
    note_text("warning", text);
    REprintf("Warning: %s\n", text);
}

/*** Pages that are kept while the script goes on ***/

/* Whether something was drawn that a kill would lose. */
bool has_unkept_pages(void) {
    for (int i = 0; i < DEVICES_MAX; i++)
        if (is_captured(&devices[i]) && devices[i].drawn)
            return true;
    return false;
}

/* Gives every page, as far as it is drawn, its file and its name. It may be drawn on further. */
void keep_pages(void) {
    char name[NAME_BYTES];
    for (int i = 0; i < DEVICES_MAX; i++) {
        if (!is_captured(&devices[i]) || !devices[i].drawn)
            continue;
        devices[i].drawn = false;
        if (write_page(&devices[i]))
            publish_page(&devices[i], name);
    }
}

/* The engine says 1 before it draws and 0 after. */
static void note_drawing(int mode, pDevDesc dev) {
    struct device *device = find(dev);
    device->drawn = true;
    if (device->mode != NULL)
        device->mode(mode, dev);
}

/*** Pages that are too large ***/

static bool is_oversize(const struct device *device) {
    char path[PATH_BYTES];
    struct stat status;
    if (strcmp(device->extension, "svg") != 0 || device->page == 0)
        return false;
    page_path(device, path);
    return stat(path, &status) == 0 && status.st_size > SVG_BYTES_MAX;
}

/* Keeps what was drawn on a page, to draw it as PNG when the script is over. */
static void keep_oversize(struct device *device, SEXP snapshot) {
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

static void begin_page(const pGEcontext gc, pDevDesc dev) {
    struct device *device = find(dev);
    SEXP snapshot = R_NilValue;
    bool oversize = is_oversize(device);
    if (oversize)
        snapshot = desc2GEDesc(dev)->savedSnapshot; /* the engine has put it by already */
    PROTECT(snapshot);
    save_page(device);
    device->new_page(gc, dev); /* writes the page before, where the device does so itself */
    if (oversize)
        keep_oversize(device, snapshot);
    else if (device->page > 0)
        complete_page(device);
    device->page++;
    device->number = ++charts;
    device->line = current_line();
    device->drawn = true;
    device->kept = false;
    SEXP call = PROTECT(Rf_lang1(harness_function("drawing")));
    device->drawing = call_quietly(call);
    if (device->drawing != R_NilValue)
        R_PreserveObject(device->drawing);
    UNPROTECT(2);
}

static void close_device(pDevDesc dev) {
    struct device *device = find(dev);
    char blank[PATH_BYTES];
    bool oversize = is_oversize(device);
    SEXP snapshot = PROTECT(oversize ? GEcreateSnapshot(desc2GEDesc(dev)) : R_NilValue);
    save_page(device);
    device->close(dev);
    if (oversize) {
        keep_oversize(device, snapshot);
    } else if (device->page > 0) {
        complete_page(device);
    } else { /* some devices write a page that nobody began */
        device->page = 1;
        page_path(device, blank);
        unlink(blank);
    }
    device->dev = NULL;
    UNPROTECT(1);
}

/* Asks once for every family, whether it is there. */
static void check_family(const char *family) {
    static char known[FAMILIES_MAX][FAMILY_BYTES];
    static int count;
    for (int i = 0; i < count; i++)
        if (strcmp(known[i], family) == 0)
            return;
    if (count == FAMILIES_MAX)
        return;
    snprintf(known[count++], FAMILY_BYTES, "%s", family);
    SEXP name = PROTECT(Rf_ScalarString(Rf_mkCharCE(family, CE_UTF8)));
    SEXP call = PROTECT(Rf_lang2(harness_function("font"), name));
    SEXP text = PROTECT(call_quietly(call));
    if (TYPEOF(text) == STRSXP && LENGTH(text) == 1) {
        note_text("warning", CHAR(STRING_ELT(text, 0)));
        REprintf("Warning: %s\n", CHAR(STRING_ELT(text, 0)));
    }
    UNPROTECT(3);
}

static void draw_text(double x, double y, const char *text, double rotation, double adjust,
                      const pGEcontext gc, pDevDesc dev) {
    check_family(gc->fontfamily);
    find(dev)->text(x, y, text, rotation, adjust, gc, dev);
}

static void draw_text_utf8(double x, double y, const char *text, double rotation, double adjust,
                           const pGEcontext gc, pDevDesc dev) {
    check_family(gc->fontfamily);
    find(dev)->text_utf8(x, y, text, rotation, adjust, gc, dev);
}

static void wrap_callbacks(struct device *device) {
    pDevDesc dev = device->dev;
    device->new_page = dev->newPage;
    device->close = dev->close;
    device->mode = dev->mode;
    device->text = dev->text;
    device->text_utf8 = dev->textUTF8;
    dev->newPage = begin_page;
    dev->close = close_device;
    dev->mode = note_drawing;
    if (dev->text != NULL)
        dev->text = draw_text;
    if (dev->textUTF8 != NULL)
        dev->textUTF8 = draw_text_utf8;
}

/* Prepares for the devices of a script whose charts go to `charts`. */
void begin_devices(SEXP charts_directory) {
    snprintf(directory, sizeof directory, "%s", CHAR(STRING_ELT(charts_directory, 0)));
    plots = Rf_allocVector(VECSXP, PLOTS_MAX);
    R_PreserveObject(plots);
}

/* agg_capture() gives every device a random name, which dev.cur() would show. */
static void name_device(pGEDevDesc engine, const char *name) {
    SEXP text = PROTECT(Rf_mkString(name));
    SEXP names = Rf_findVarInFrame(R_BaseEnv, Rf_install(".Devices"));
    Rf_defineVar(Rf_install(".Device"), text, R_BaseEnv);
    SETCAR(Rf_nthcdr(names, GEdeviceNumber(engine)), text);
    UNPROTECT(1);
}

/* Called by R with a device just opened: its pages become charts. `pattern` is what its files'
 * paths begin with; a hyphen, the page's number and `extension` follow. `dpi` is NULL where the
 * device writes its files itself. */
SEXP rampart_adopt_device(SEXP pattern, SEXP extension, SEXP dpi) {
    struct device *slot = find(NULL);
    if (slot == NULL)
        Rf_error("too many graphics devices are open");
    pGEDevDesc engine = GEcurrentDevice();
    memset(slot, 0, sizeof *slot);
    slot->dev = engine->dev;
    slot->drawing = R_NilValue;
    snprintf(slot->pattern, sizeof slot->pattern, "%s", CHAR(STRING_ELT(pattern, 0)));
    snprintf(slot->extension, sizeof slot->extension, "%s", CHAR(STRING_ELT(extension, 0)));
    if (strcmp(slot->extension, "svg") == 0)
        engine->displayListOn = TRUE; /* should it be too large */
    if (dpi != R_NilValue) {
        slot->dpi = Rf_asReal(dpi);
        name_device(engine, "agg_png");
    }
    wrap_callbacks(slot);
    return R_NilValue;
}

/* Called by R: one of base's functions is this one from now on. */
SEXP rampart_replace_base(SEXP name, SEXP function) {
    SEXP symbol = Rf_installChar(STRING_ELT(name, 0));
    R_unLockBinding(symbol, R_BaseEnv);
    Rf_defineVar(symbol, function, R_BaseEnv);
    R_LockBinding(symbol, R_BaseEnv);
    return R_NilValue;
}

/* Called by R: returns the number that a chart without a device gets. */
SEXP rampart_next_chart(void) {
    return Rf_ScalarInteger(++charts);
}

/* Called by R: the file at `path` is complete, and becomes chart `number`. `size` is two integers,
 * in px. */
SEXP rampart_publish(SEXP path, SEXP number, SEXP extension, SEXP size) {
    char name[NAME_BYTES];
    const char *from = CHAR(STRING_ELT(path, 0)), *kind = CHAR(STRING_ELT(extension, 0));
    bool done = place(from, Rf_asInteger(number), kind, name);
    if (done)
        report_chart(name, current_line(), INTEGER(size));
    return Rf_ScalarLogical(done);
}

/* Returns a list of list(name, what is known of the ggplot that it shows). */
SEXP drawn_plots(void) {
    return Rf_lengthgets(plots, plot_count);
}

static void draw_again(const struct oversize *page) {
    char from[PATH_BYTES], name[NAME_BYTES], text[160];
    snprintf(from, sizeof from, "%s/.oversize.png", directory);
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

/* Closes every device, the script's own too, so that all files are complete. */
void close_devices(bool failed) {
    script_failed = failed;
    while (!Rf_NoDevices())
        GEkillDevice(GEcurrentDevice());
    for (int i = 0; i < oversize_count; i++)
        draw_again(&oversizes[i]);
}
