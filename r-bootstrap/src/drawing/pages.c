/* Pages that are complete: their files get the names of charts, and what ggplots they show is kept.
 *
 * Runs in a worker while its script draws, on R's stack. */
#include "drawing/drawing.h"

#include <stdio.h>
#include <unistd.h>

#include "harness/harness.h"
#include "wire/wire.h"

enum { PLOTS_MAX = 20 };

static char directory[PATTERN_BYTES];
static int charts; /* how many pages were begun, of all devices */
static SEXP plots; /* list of list(name, drawing) */
static int plot_count;

/* Prepares for a script whose charts go to the folder `charts_directory`. */
void begin_pages(SEXP charts_directory) {
    snprintf(directory, sizeof directory, "%s", CHAR(STRING_ELT(charts_directory, 0)));
    plots = Rf_allocVector(VECSXP, PLOTS_MAX);
    R_PreserveObject(plots);
}

const char *charts_folder(void) {
    return directory;
}

/* Returns the number of the chart that begins now. */
int next_chart(void) {
    return ++charts;
}

/* Writes the path of a device's page, as the device itself names it. */
void page_path(const struct device *device, char path[PATH_BYTES]) {
    snprintf(path, PATH_BYTES, "%s-%d.%s", device->pattern, device->page, device->extension);
}

/* A page's file is whole: it gets the name that the host looks for. */
static bool place(const char *from, int number, const char *extension, char name[NAME_BYTES]) {
    char to[PATH_BYTES];
    snprintf(name, NAME_BYTES, "chart-%03d.%s", number, extension);
    snprintf(to, sizeof to, "%s/%s", directory, name);
    return rename(from, to) == 0;
}

/* Gives a complete file its chart's name, and reports it. Returns false if there is no file. */
bool publish(const char *from, int number, const char *extension, int line, char name[NAME_BYTES]) {
    if (!place(from, number, extension, name))
        return false;
    report_chart(name, line, NULL);
    return true;
}

/* Gives a page its chart's name, and reports it if that was not done while it was being drawn.
 * Returns false if there is no file. */
bool publish_page(struct device *device, char name[NAME_BYTES]) {
    char from[PATH_BYTES];
    page_path(device, from);
    if (!place(from, device->number, device->extension, name))
        return false;
    if (!device->kept)
        report_chart(name, device->line, NULL);
    device->kept = true;
    return true;
}

void forget_drawing(struct device *device) {
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

/* A page that a device wrote becomes a chart, if there is something on it. */
void complete_page(struct device *device, bool failed) {
    char from[PATH_BYTES], name[NAME_BYTES];
    bool is_plot = device->drawing != R_NilValue;
    SEXP drawn = PROTECT(is_plot ? take_drawing(device) : R_NilValue);
    page_path(device, from);
    if (device->number == 0 || (failed && is_plot && drawn == R_NilValue)) {
        unlink(from); /* nothing was drawn on it, or the error came before */
    } else if (publish_page(device, name)) {
        keep_plot(name, drawn);
    }
    UNPROTECT(1);
    forget_drawing(device);
}

/* Called by R: returns the number that a chart without a device gets. */
SEXP rampart_next_chart(void) {
    return Rf_ScalarInteger(next_chart());
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
