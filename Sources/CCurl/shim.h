/*
 * libcurl for Swift: its variadic calls are closed to Swift, so each argument type gets a function
 * of its own.
 *
 * Nothing here runs in a forked child, and nothing is async-signal-safe.
 */
#ifndef RAMPART_CCURL_SHIM_H
#define RAMPART_CCURL_SHIM_H

#include <curl/curl.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>

/* libcurl hands its bytes over with two factors of their count. */
typedef size_t (*rampart_data_callback)(char *_Nullable bytes, size_t size, size_t count,
                                        void *_Nullable context);

static inline CURLcode rampart_setopt_long(CURL *_Nonnull easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode rampart_setopt_offset(CURL *_Nonnull easy, CURLoption option,
                                             curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode rampart_setopt_string(CURL *_Nonnull easy, CURLoption option,
                                             const char *_Nullable value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode rampart_setopt_headers(CURL *_Nonnull easy,
                                              struct curl_slist *_Nullable headers) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

/* Where the reply's header lines and body go. */
static inline CURLcode rampart_set_receiver(CURL *_Nonnull easy,
                                            rampart_data_callback _Nonnull header,
                                            rampart_data_callback _Nonnull body,
                                            void *_Nonnull context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
    return code;
}

/* Where the request's body comes from. */
static inline CURLcode rampart_set_sender(CURL *_Nonnull easy, rampart_data_callback _Nonnull read,
                                          void *_Nonnull context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_READFUNCTION, read);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_READDATA, context);
    return code;
}

/* Called with each new socket, before it is connected; returns whether it may be used. */
typedef int (*rampart_socket_callback)(void *_Nullable context, curl_socket_t socket,
                                       curlsocktype purpose);

/* libcurl opens its sockets without close-on-exec; R must not inherit one. Returns what a
 * rampart_socket_callback does. */
static inline int rampart_close_on_exec(curl_socket_t socket) {
    return fcntl(socket, F_SETFD, FD_CLOEXEC) == 0 ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

/* Who is told of each new socket. */
static inline CURLcode rampart_set_socket_callback(CURL *_Nonnull easy,
                                                   rampart_socket_callback _Nonnull callback,
                                                   void *_Nonnull context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, callback);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, context);
    return code;
}

static inline CURLMcode rampart_multi_setopt_long(CURLM *_Nonnull multi, CURLMoption option,
                                                  long value) {
    return curl_multi_setopt(multi, option, value);
}

/* Waits until a transfer or the descriptor (-1: none) can move, at most so long; true where the
 * descriptor can be read. */
static inline bool rampart_multi_wait(CURLM *_Nonnull multi, int descriptor, int milliseconds) {
    struct curl_waitfd extra = {.fd = descriptor, .events = CURL_WAIT_POLLIN};
    unsigned int count = descriptor < 0 ? 0 : 1;
    curl_multi_poll(multi, count == 0 ? NULL : &extra, count, milliseconds, NULL);
    return count == 1 && extra.revents != 0;
}

/* Whether the request has left this machine. */
static inline bool rampart_has_sent_request(CURL *_Nonnull easy) {
    long bytes = 0;
    return curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes) == CURLE_OK && bytes > 0;
}

/* The bytes that the kernel holds of the transfer because the other side has not acknowledged them;
 * 0 while there is no connection. */
static inline int rampart_unacknowledged_bytes(CURL *_Nonnull easy) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    int bytes = 0;
    if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK ||
        socket == CURL_SOCKET_BAD || ioctl(socket, SIOCOUTQ, &bytes) != 0)
        return 0;
    return bytes;
}

/* Takes one finished transfer off the queue; false where there is none. */
static inline bool rampart_multi_take_finished(CURLM *_Nonnull multi,
                                               CURL *_Nullable *_Nonnull easy,
                                               CURLcode *_Nonnull result) {
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE)
            continue;
        *easy = message->easy_handle;
        *result = message->data.result;
        return true;
    }
    return false;
}

#endif
