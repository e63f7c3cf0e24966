/* The routines that R may call, registered when the package is loaded. */
#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>

#include "confine/confine.h"
#include "drawing/drawing.h"
#include "harness/harness.h"
#include "wire/wire.h"

#define ROUTINE(name, arguments)                                                                   \
    { #name, (DL_FUNC)(void (*)(void)) & rampart_##name, arguments }

static const R_CallMethodDef routines[] = {
    ROUTINE(read_below, 1),     ROUTINE(serve, 1),      ROUTINE(say_prepared, 0),
    ROUTINE(fill_heap, 0),      ROUTINE(await_run, 0),  ROUTINE(evaluate, 1),
    ROUTINE(note_condition, 1), ROUTINE(note_error, 1), ROUTINE(adopt_device, 3),
    ROUTINE(next_chart, 0),     ROUTINE(publish, 4),    ROUTINE(base64, 1),
    ROUTINE(report_to, 1),      ROUTINE(json, 1),       ROUTINE(stay_offline, 0),
    ROUTINE(settle_heap, 0),    ROUTINE(own_heap, 0),   ROUTINE(threads, 0),
    ROUTINE(replace, 3),        {NULL, NULL, 0},
};

attribute_visible void R_init_rampart(DllInfo *library) {
    R_registerRoutines(library, NULL, routines, NULL, NULL);
    R_useDynamicSymbols(library, FALSE);
    R_forceSymbols(library, TRUE);
}
