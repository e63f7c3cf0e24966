/* The report: JSON frames on a pipe, each after its length in 32 bits, little-endian.
 *
 * Runs in a worker, during its script and after. Writes with write(2) from one static buffer, so
 * that nothing the script does to R's connections or memory is in the way. */
#define _GNU_SOURCE
#include "wire/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Kept back from what all frames may hold, so that how the script ended is always told. */
enum {
    RESERVE = 2 * RAMPART_FRAME_MAX,
    SOURCE_MAX = 8192,
    SENTENCE_MAX = 1000,
    NAME_MAX_BYTES = 255,
    ACK_MS = 1000
};

static struct {
    int descriptor;
    bool with_sources; /* a transcript tells where each expression begins, too */
    bool in_order;     /* and every frame waits until the output before it was read */
    size_t sent;
    char buffer[4 + RAMPART_FRAME_MAX];
} report = {.descriptor = -1};

/* Says where frames go from now on. */
void report_to(int descriptor, bool in_order) {
    report.descriptor = descriptor;
    report.with_sources = report.in_order = in_order;
}

/* The run is the script's from now on: a worker that ends without this frame failed by itself.
 * Nothing has been printed yet, so that no acknowledgement is needed. */
void report_start(int descriptor, bool in_order) {
    report_to(descriptor, false);
    frame_begin(RAMPART_FRAME_START);
    frame_send(true);
    report_to(descriptor, in_order);
}

/* Called by R where there is no host: frames go to this descriptor. */
SEXP rampart_report_to(SEXP descriptor) {
    report_to(Rf_asInteger(descriptor), false);
    return R_NilValue;
}

static void write_all(const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t done = write(report.descriptor, bytes, length);
        if (done == -1 && errno == EINTR)
            continue;
        if (done == -1)
            return; /* the host stopped reading: it has its reasons */
        bytes += done;
        length -= (size_t)done;
    }
}

/* Not with recv(), which is recvfrom() to the kernel: a worker is refused that. */
static bool take_ack(void) {
    struct rampart_ack ack;
    struct iovec part = {.iov_base = &ack, .iov_len = sizeof ack};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    return recvmsg(CONTROL_AT, &message, MSG_DONTWAIT) == sizeof ack;
}

static void drop_late_acks(void) {
    while (take_ack())
        continue;
}

/* A host that once let a second pass is not waited for again. */
static void await_ack(void) {
    struct pollfd control = {.fd = CONTROL_AT, .events = POLLIN};
    int ready;
    do {
        ready = poll(&control, 1, ACK_MS);
    } while (ready == -1 && errno == EINTR);
    if (ready != 1 || !take_ack())
        report.in_order = false;
}

/* Starts a frame of this kind; its other keys follow. */
void frame_begin(const char *kind) {
    json_begin(report.buffer + 4, RAMPART_FRAME_MAX);
    json_open('{');
    json_key("kind");
    json_text(kind, strlen(kind), SIZE_MAX);
}

/* Sends the frame. Returns false where it is too large, or where it is not `essential` and the
 * report is nearly full. */
bool frame_send(bool essential) {
    json_close('}');
    size_t length = json_end();
    if (length == 0 || report.descriptor == -1)
        return false;
    size_t room = RAMPART_REPORT_MAX - report.sent;
    if (length + 4 > room || (!essential && length + 4 + RESERVE > room))
        return false;
    for (int i = 0; i < 4; i++)
        report.buffer[i] = (char)((length >> (8 * i)) & 0xFF);
    if (report.in_order) {
        fflush(NULL);
        drop_late_acks();
    }
    write_all(report.buffer, length + 4);
    report.sent += length + 4;
    if (report.in_order)
        await_ack();
    return true;
}

static void put_pixels(const char *key, int pixels) {
    if (pixels == 0)
        return;
    json_key(key);
    json_int(pixels);
}

/* A page is complete in charts/. `size` is a widget's width and height, each 0 where it fills its
 * window; or NULL. */
void report_chart(const char *name, int line, const int *size) {
    frame_begin(RAMPART_FRAME_CHART);
    json_key("name");
    json_text(name, strlen(name), NAME_MAX_BYTES);
    json_key("line");
    json_int(line);
    if (size != NULL) {
        put_pixels("width", size[0]);
        put_pixels("height", size[1]);
    }
    frame_send(false);
}

/* A top-level expression begins. Nothing, unless a transcript was asked for. */
void report_source(int line, SEXP text) {
    if (!report.with_sources)
        return;
    frame_begin(RAMPART_FRAME_SOURCE);
    json_key("line");
    json_int(line);
    json_key("text");
    json_charsxp(text, SOURCE_MAX);
    frame_send(false);
}

/* The last visible value. Returns false where its description is too large for a frame. */
bool report_value(SEXP value) {
    frame_begin(RAMPART_FRAME_VALUE);
    json_key("value");
    json_value(value);
    return frame_send(false);
}

/* What a chart shows: a list of name, alt and description. */
void report_description(SEXP description) {
    static const char *const keys[] = {"name", "alt", "description"};
    if (TYPEOF(description) != VECSXP || LENGTH(description) != 3)
        return;
    frame_begin(RAMPART_FRAME_DESCRIPTION);
    for (int i = 0; i < 3; i++) {
        json_key(keys[i]);
        json_value(VECTOR_ELT(description, i));
    }
    frame_send(true);
}

/* Sentences on a run that completed: a character vector, or R_NilValue. */
void report_advice(SEXP sentences) {
    for (R_xlen_t i = 0; TYPEOF(sentences) == STRSXP && i < Rf_xlength(sentences); i++) {
        frame_begin("advice");
        json_key("advice");
        json_charsxp(STRING_ELT(sentences, i), SENTENCE_MAX);
        frame_send(false);
    }
}

/* The script is over. */
void report_end(bool completed) {
    frame_begin(RAMPART_FRAME_END);
    json_key("status");
    const char *status = completed ? RAMPART_END_COMPLETED : RAMPART_END_FAILED;
    json_text(status, strlen(status), SIZE_MAX);
    frame_send(true);
}
