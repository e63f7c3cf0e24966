/* Base64, for what a self-contained page embeds.
 *
 * Runs in a worker, called by R. */
#include "drawing/drawing.h"

/* Returns the base64 of a raw vector as a string. */
SEXP rampart_base64(SEXP bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = RAW(bytes);
    size_t length = (size_t)XLENGTH(bytes), written = 0;
    char *text = R_alloc(length / 3 + 1, 4);
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned word = (unsigned)at[i] << 16 | (left > 1 ? (unsigned)at[i + 1] << 8 : 0) |
                        (left > 2 ? (unsigned)at[i + 2] : 0);
        text[written++] = digits[word >> 18];
        text[written++] = digits[word >> 12 & 63];
        text[written++] = left > 1 ? digits[word >> 6 & 63] : '=';
        text[written++] = left > 2 ? digits[word & 63] : '=';
    }
    return Rf_ScalarString(Rf_mkCharLenCE(text, (int)written, CE_UTF8));
}
