/* The graphics devices whose pages are charts.
 *
 * Runs in a worker while its script draws, on R's stack. A device writes its pages under a name of
 * its own; some of its callbacks are wrapped, so that every page and font is seen whatever graphics
 * system began or asked for it. */
#include "drawing/drawing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/harness.h"

struct device devices[DEVICES_MAX];
static bool script_failed;

/* Returns the device of this description, or NULL; of NULL, a free one. */
struct device *find_device(pDevDesc dev) {
    for (int i = 0; i < DEVICES_MAX; i++)
        if (devices[i].dev == dev)
            return &devices[i];
    return NULL;
}

/* The page becomes a chart: the next one, of the expression now evaluated. */
static void begin_chart(struct device *device) {
    device->number = next_chart();
    device->line = current_line();
    device->drawn = true;
    SEXP call = PROTECT(Rf_lang1(harness_function("drawing")));
    device->drawing = call_quietly(call);
    if (device->drawing != R_NilValue)
        R_PreserveObject(device->drawing);
    UNPROTECT(1);
}

/* Whether the script itself began the page that begins now: what only measures begins one, too. */
static bool is_asked_for(void) {
    SEXP call = PROTECT(Rf_lang1(harness_function("new_page")));
    bool asked = Rf_asLogical(call_quietly(call)) == TRUE;
    UNPROTECT(1);
    return asked;
}

/* The engine says 1 before it draws and 0 after. */
static void note_drawing(int mode, pDevDesc dev) {
    struct device *device = find_device(dev);
    if (device->number == 0 && device->page > 0 && mode == 1)
        begin_chart(device);
    device->drawn = device->number > 0;
    if (device->mode != NULL)
        device->mode(mode, dev);
}

static void begin_page(const pGEcontext gc, pDevDesc dev) {
    struct device *device = find_device(dev);
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
        complete_page(device, script_failed);
    device->page++;
    device->number = 0;
    device->drawn = device->kept = false;
    if (is_asked_for())
        begin_chart(device);
    UNPROTECT(1);
}

static void close_device(pDevDesc dev) {
    struct device *device = find_device(dev);
    char blank[PATH_BYTES];
    bool oversize = is_oversize(device);
    SEXP snapshot = PROTECT(oversize ? GEcreateSnapshot(desc2GEDesc(dev)) : R_NilValue);
    save_page(device);
    device->close(dev);
    if (oversize) {
        keep_oversize(device, snapshot);
    } else if (device->page > 0) {
        complete_page(device, script_failed);
    } else { /* some devices write a page that nobody began */
        device->page = 1;
        page_path(device, blank);
        unlink(blank);
    }
    device->dev = NULL;
    UNPROTECT(1);
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
    struct device *slot = find_device(NULL);
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

/* Closes every device, the script's own too, so that all files are complete. */
void close_devices(bool failed) {
    script_failed = failed;
    while (!Rf_NoDevices())
        GEkillDevice(GEcurrentDevice());
    draw_oversize();
}
