/* The pages that a script draws, and how they become chart files. */
#ifndef RAMPART_DRAWING_H
#define RAMPART_DRAWING_H

#define R_NO_REMAP
#include <Rinternals.h>

#include <R_ext/GraphicsEngine.h>
#include <stdbool.h>
#include <stdint.h>

enum { DEVICES_MAX = 64, PATTERN_BYTES = 400, PATH_BYTES = 512, NAME_BYTES = 32 };

typedef void (*text_callback)(double, double, const char *, double, double, const pGEcontext,
                              pDevDesc);

struct device {
    pDevDesc dev; /* NULL: the slot is free */
    char pattern[PATTERN_BYTES];
    char extension[8];
    double dpi;   /* of pages that are captured and written here; 0: the device writes its own */
    int page;     /* of the device: its files count from 1 */
    int number;   /* of the chart that the page becomes; 0: nothing is on it yet */
    int line;     /* of the top-level expression that began it */
    bool drawn;   /* since it was last kept */
    bool kept;    /* it has its name already, and was reported */
    SEXP drawing; /* the frame that prints a ggplot on it, preserved, or R_NilValue */
    void (*new_page)(const pGEcontext, pDevDesc);
    void (*close)(pDevDesc);
    void (*mode)(int, pDevDesc);
    text_callback text, text_utf8;
};

/* device.c */
extern struct device devices[DEVICES_MAX];
struct device *find_device(pDevDesc dev);
void close_devices(bool failed);
SEXP rampart_adopt_device(SEXP pattern, SEXP extension, SEXP dpi);

/* pages.c */
void begin_pages(SEXP charts_directory);
const char *charts_folder(void);
int next_chart(void);
void page_path(const struct device *device, char path[PATH_BYTES]);
bool publish(const char *from, int number, const char *extension, int line, char name[NAME_BYTES]);
bool publish_page(struct device *device, char name[NAME_BYTES]);
void complete_page(struct device *device, bool failed);
void forget_drawing(struct device *device);
SEXP drawn_plots(void);
SEXP rampart_next_chart(void);
SEXP rampart_publish(SEXP path, SEXP number, SEXP extension, SEXP size);

/* capture.c */
bool is_captured(const struct device *device);
bool write_page(struct device *device);
void save_page(struct device *device);

/* keep.c */
void expression_ended(void);

/* oversize.c */
bool is_oversize(const struct device *device);
void keep_oversize(struct device *device, SEXP snapshot);
void draw_oversize(void);

/* text.c */
void draw_text(double x, double y, const char *text, double rotation, double adjust,
               const pGEcontext gc, pDevDesc dev);
void draw_text_utf8(double x, double y, const char *text, double rotation, double adjust,
                    const pGEcontext gc, pDevDesc dev);

/* png.c */
struct page {
    const uint32_t *pixels; /* red in the lowest byte, then green and blue; alpha is not read */
    int width, height;
    double dpi;
};
bool write_png(const char *path, const struct page *page);

/* base64.c */
SEXP rampart_base64(SEXP bytes);

#endif
