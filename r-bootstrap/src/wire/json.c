/* A JSON writer: R's values and C's, into one buffer of a fixed size, in valid UTF-8 whatever the
 * bytes. What does not fit makes the whole text invalid: json_end() returns 0.
 *
 * Runs in the zygote for READY and in a worker while it reports. Allocates nothing, so that it
 * works where memory has run out. Async-signal-safe but for the formatting of doubles.
 *
 * R's values: NULL and every NA is null; NaN, Inf and -Inf are strings of those names; a vector of
 * length 1 is a scalar unless it has the class "AsIs"; a list with names is an object. */
#include "wire/wire.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct {
    char *bytes;
    size_t size, length;
    bool overflow;
    bool comma; /* a value stands before the next one */
} out;

static void put(const char *bytes, size_t length) {
    if (out.overflow || length > out.size - out.length) {
        out.overflow = true;
        return;
    }
    memcpy(out.bytes + out.length, bytes, length);
    out.length += length;
}

static void put_value(const char *bytes, size_t length) {
    if (out.comma)
        put(",", 1);
    put(bytes, length);
    out.comma = true;
}

/* Starts a text in `buffer`. */
void json_begin(char *buffer, size_t size) {
    out.bytes = buffer;
    out.size = size;
    out.length = 0;
    out.overflow = out.comma = false;
}

/* Returns the length of the text, or 0 if it did not fit. */
size_t json_end(void) {
    return out.overflow ? 0 : out.length;
}

void json_open(char bracket) {
    put_value(&bracket, 1);
    out.comma = false;
}

void json_close(char bracket) {
    put(&bracket, 1);
    out.comma = true;
}

void json_null(void) {
    put_value("null", 4);
}

void json_int(long value) {
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%ld", value);
    put_value(digits, (size_t)length);
}

static void json_double(double value) {
    char digits[32];
    if (ISNA(value)) {
        json_null();
    } else if (isnan(value)) {
        json_text("NaN", 3, 3);
    } else if (isinf(value)) {
        json_text(value > 0 ? "Inf" : "-Inf", value > 0 ? 3 : 4, 4);
    } else {
        int length = snprintf(digits, sizeof digits, "%.15g", value);
        double back;
        if (sscanf(digits, "%lf", &back) != 1 || back != value)
            length = snprintf(digits, sizeof digits, "%.17g", value);
        put_value(digits, (size_t)length);
    }
}

/* Returns the length of the well-formed UTF-8 sequence at `at`, or 0. */
static size_t sequence_length(const unsigned char *at, size_t left) {
    unsigned char lead = at[0];
    size_t length = lead < 0x80   ? 1
                    : lead < 0xC2 ? 0
                    : lead < 0xE0 ? 2
                    : lead < 0xF0 ? 3
                    : lead < 0xF5 ? 4
                                  : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    if (lead == 0xE0 && at[1] < 0xA0)
        return 0; /* overlong */
    if (lead == 0xED && at[1] > 0x9F)
        return 0; /* a surrogate */
    if (lead == 0xF0 && at[1] < 0x90)
        return 0;
    if (lead == 0xF4 && at[1] > 0x8F)
        return 0; /* beyond U+10FFFF */
    return length;
}

static void put_ascii(unsigned char byte) {
    static const char hex[] = "0123456789abcdef";
    char escape[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
    switch (byte) {
    case '"':
        put("\\\"", 2);
        break;
    case '\\':
        put("\\\\", 2);
        break;
    case '\n':
        put("\\n", 2);
        break;
    case '\r':
        put("\\r", 2);
        break;
    case '\t':
        put("\\t", 2);
        break;
    default:
        if (byte < 0x20 || byte == 0x7F)
            put(escape, sizeof escape);
        else
            put((const char *)&byte, 1);
    }
}

/* Writes a string of at most `limit` bytes of UTF-8, cut on a character's boundary; an invalid byte
 * becomes U+FFFD. Returns whether something was cut off. */
bool json_text(const char *bytes, size_t length, size_t limit) {
    const unsigned char *at = (const unsigned char *)bytes;
    size_t i = 0, written = 0;
    put_value("\"", 1);
    while (i < length) {
        size_t step = sequence_length(at + i, length - i);
        size_t cost = step == 0 ? 3 : step;
        if (written + cost > limit)
            break;
        if (step == 0)
            put("\xEF\xBF\xBD", 3);
        else if (step == 1)
            put_ascii(at[i]);
        else
            put(bytes + i, step);
        written += cost;
        i += step == 0 ? 1 : step;
    }
    put("\"", 1);
    return i < length;
}

/* Latin-1 is the one other encoding that R marks; each of its bytes is the code point itself. */
static bool json_latin1(const char *bytes, size_t length, size_t limit) {
    size_t i = 0, written = 0;
    put_value("\"", 1);
    for (; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        size_t cost = byte < 0x80 ? 1 : 2;
        if (written + cost > limit)
            break;
        char two[2] = {(char)(0xC0 | (byte >> 6)), (char)(0x80 | (byte & 0x3F))};
        if (byte < 0x80)
            put_ascii(byte);
        else
            put(two, 2);
        written += cost;
    }
    put("\"", 1);
    return i < length;
}

/* Writes one element of a character vector, as json_text() does. */
bool json_charsxp(SEXP string, size_t limit) {
    if (string == NA_STRING) {
        json_null();
        return false;
    }
    size_t length = (size_t)LENGTH(string);
    if (Rf_getCharCE(string) == CE_LATIN1)
        return json_latin1(CHAR(string), length, limit);
    return json_text(CHAR(string), length, limit);
}

/* Writes a key; its value follows. */
void json_key(const char *key) {
    json_text(key, strlen(key), SIZE_MAX);
    put(":", 1);
    out.comma = false;
}

static void json_element(SEXP value, R_xlen_t i) {
    switch (TYPEOF(value)) {
    case LGLSXP: {
        int flag = LOGICAL_ELT(value, i);
        if (flag == NA_LOGICAL)
            json_null();
        else
            put_value(flag ? "true" : "false", flag ? 4 : 5);
        break;
    }
    case INTSXP:
        if (INTEGER_ELT(value, i) == NA_INTEGER)
            json_null();
        else
            json_int(INTEGER_ELT(value, i));
        break;
    case REALSXP:
        json_double(REAL_ELT(value, i));
        break;
    case STRSXP:
        json_charsxp(STRING_ELT(value, i), SIZE_MAX);
        break;
    case VECSXP:
        json_value(VECTOR_ELT(value, i));
        break;
    default:
        json_null();
    }
}

/* Writes an R value: NULL, a logical, integer, double or character vector, or a list of such. */
void json_value(SEXP value) {
    R_xlen_t length = Rf_xlength(value);
    SEXP names = TYPEOF(value) == VECSXP ? Rf_getAttrib(value, R_NamesSymbol) : R_NilValue;
    bool object = names != R_NilValue;
    bool vector = TYPEOF(value) == VECSXP || length != 1 || Rf_inherits(value, "AsIs");
    if (value == R_NilValue) {
        json_null();
        return;
    }
    if (!vector) {
        json_element(value, 0);
        return;
    }
    json_open(object ? '{' : '[');
    for (R_xlen_t i = 0; i < length; i++) {
        if (object) {
            json_charsxp(STRING_ELT(names, i), SIZE_MAX);
            put(":", 1);
            out.comma = false;
        }
        json_element(value, i);
    }
    json_close(object ? '}' : ']');
}

/* Returns the JSON of an R value as a string, or NA where it exceeds what a frame may hold. */
SEXP rampart_json(SEXP value) {
    static char buffer[RAMPART_FRAME_MAX];
    json_begin(buffer, sizeof buffer);
    json_value(value);
    size_t length = json_end();
    return Rf_ScalarString(length == 0 ? NA_STRING : Rf_mkCharLenCE(buffer, (int)length, CE_UTF8));
}
