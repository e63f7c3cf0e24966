/* Text for readers who have no terminal: without the codes by which one is told of colours.
 *
 * Async-signal-safe. */
#include "wire/wire.h"

enum { ESCAPE = 0x1b, BELL = 0x07, TEXT_MAX = 32768 };

static bool is_between(char byte, char least, char most) {
    return byte >= least && byte <= most;
}

/* Returns the length of the escape sequence at `at`, as ECMA-48 has it: ESC [ to a letter, ESC ] to
 * a bell or another ESC \, or ESC and one byte. */
static size_t sequence(const char *at, size_t left) {
    size_t length = 2;
    if (left < 2)
        return left;
    if (at[1] == '[') {
        while (length < left && is_between(at[length], ' ', '?'))
            length++;
        return length < left && is_between(at[length], '@', '~') ? length + 1 : length;
    }
    if (at[1] != ']')
        return length;
    while (length < left && at[length] != BELL && at[length] != ESCAPE)
        length++;
    if (length < left && at[length] == ESCAPE)
        length++;
    return length < left ? length + 1 : length;
}

/* Writes a text without its escape sequences, as json_text() does. */
bool json_plain_text(const char *bytes, size_t length, size_t limit) {
    static char plain[TEXT_MAX];
    size_t written = 0, i = 0;
    while (i < length && written < sizeof plain) {
        if (bytes[i] == ESCAPE)
            i += sequence(bytes + i, length - i);
        else
            plain[written++] = bytes[i++];
    }
    return json_text(plain, written, limit) || i < length;
}
