// The fence around libcurl: the only unsafe code of this module. Two handles own libcurl's objects, and
// its callbacks reach Swift through the context pointer that each transfer hands it.

import CCurl

/// libcurl itself, which is set up once per process.
enum CurlLibrary {
    /// Whether libcurl could be set up.
    ///
    /// The corresponding C function is `curl_global_init`.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Returns the seconds since 1970 that a `Date` header names, or nil where it names none.
    ///
    /// The corresponding C function is `curl_getdate`.
    static func unixSeconds(ofDate header: String) -> Int? {
        // SAFETY: the string is read before the call returns; the second argument is not used.
        let seconds = unsafe curl_getdate(header, nil)
        return seconds == -1 ? nil : seconds
    }
}

/// One transfer of libcurl's: its easy handle, its header list, and what it has moved.
///
/// The corresponding C type is `CURL`.
@safe
final class EasyHandle {
    /// What the transfer has sent and received.
    let progress: TransferProgress

    fileprivate let raw: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?

    init(_ progress: TransferProgress) throws(TransportError) {
        guard CurlLibrary.isReady, let raw = unsafe curl_easy_init() else {
            throw TransportError(.requestInvalid, "libcurl could not be set up")
        }
        unsafe self.raw = raw
        self.progress = progress
        // SAFETY: the context is this object's own progress, which lives until the handle is freed.
        let context = unsafe Unmanaged.passUnretained(progress).toOpaque()
        try unsafe check(rampart_set_receiver(raw, takeHeaderLine, takeReplyBytes, context))
        // Nothing tells libcurl how to begin a body again: where a kept connection turns out to be dead
        // it would send the whole a second time by itself, and nobody would know that it did.
        try unsafe check(rampart_set_sender(raw, giveBytes, context))
        try unsafe check(rampart_set_socket_callback(raw, takeSocket, context))
    }

    deinit {
        // SAFETY: a handle is taken out of its multi handle before the last reference to it goes; the
        // list may be freed only after the handle that uses it.
        unsafe curl_easy_cleanup(raw)
        unsafe curl_slist_free_all(headerList)
    }

    /// Sets a numeric option.
    func set(_ option: CURLoption, to value: Int) throws(TransportError) {
        try unsafe check(rampart_setopt_long(raw, option, value))
    }

    /// Sets an option that counts bytes.
    func set(_ option: CURLoption, toByteCount value: Int) throws(TransportError) {
        try unsafe check(rampart_setopt_offset(raw, option, curl_off_t(value)))
    }

    /// Sets a string option.
    func set(_ option: CURLoption, to value: String) throws(TransportError) {
        guard !value.utf8.contains(0) else {
            throw TransportError(.requestInvalid, "a NUL byte stands in the request")
        }
        // SAFETY: libcurl copies string options before it returns.
        try unsafe check(rampart_setopt_string(raw, option, value))
    }

    /// Sets the request's header lines, in libcurl's notation.
    func set(headerLines lines: [String]) throws(TransportError) {
        for line in lines {
            // SAFETY: the list copies the line; on failure the old list stays valid and owned.
            guard let longer = unsafe curl_slist_append(headerList, line) else {
                throw TransportError(.requestInvalid, "out of memory")
            }
            unsafe headerList = longer
        }
        // SAFETY: libcurl keeps the pointer; the list lives as long as the handle.
        try unsafe check(rampart_setopt_headers(raw, headerList))
    }

    /// Whether a request without a body has left this machine.
    var hasSentRequest: Bool { unsafe rampart_has_sent_request(raw) }

    /// How far the transfer has come, for comparing with what it was before.
    var mark: TransferMark {
        TransferMark(
            moved: progress.movedBytes,
            isOut: hasSentRequest,
            unacknowledged: unsafe Int(rampart_unacknowledged_bytes(raw))
        )
    }

    private func check(_ code: CURLcode) throws(TransportError) {
        guard code == CURLE_OK else {
            let cause = "libcurl refused an option: \(message(for: code))"
            throw TransportError(.requestInvalid, cause)
        }
    }
}

/// The transfers under way and the connections kept between them.
///
/// The corresponding C type is `CURLM`.
@safe
final class MultiHandle {
    private let raw: UnsafeMutableRawPointer?
    private var transfers: [EasyHandle] = []

    /// - Parameter connections: how many are kept open for the next transfers.
    init(keeping connections: Int) {
        unsafe raw = CurlLibrary.isReady ? curl_multi_init() : nil
        guard let raw = unsafe raw else { return }
        _ = unsafe rampart_multi_setopt_long(raw, CURLMOPT_MAXCONNECTS, connections)
    }

    deinit {
        transfers.forEach(remove)
        // SAFETY: no easy handle is left in it.
        _ = unsafe curl_multi_cleanup(raw)
    }

    /// Whether no transfer is under way.
    var isIdle: Bool { transfers.isEmpty }

    /// Begins a transfer, and keeps its handle until it is removed.
    func add(_ transfer: EasyHandle) throws(TransportError) {
        guard unsafe raw != nil, unsafe curl_multi_add_handle(raw, transfer.raw) == CURLM_OK else {
            throw TransportError(.requestInvalid, "libcurl could not begin the transfer")
        }
        transfers.append(transfer)
    }

    /// Ends a transfer, whether it is complete or not.
    func remove(_ transfer: EasyHandle) {
        // SAFETY: the easy handle is alive, for the caller holds it.
        _ = unsafe curl_multi_remove_handle(raw, transfer.raw)
        transfers.removeAll { $0 === transfer }
    }

    /// Moves what can be moved without waiting.
    ///
    /// The corresponding C function is `curl_multi_perform`.
    func advance() {
        var running: CInt = 0
        // SAFETY: the count is written before the call returns.
        _ = unsafe curl_multi_perform(raw, &running)
        // Within that call each new socket was connected, or given up.
        OpenedConnections.finish(transfers.reduce(0) { $0 + $1.progress.takeOpenedSockets() })
    }

    /// Waits until a transfer can move, at most so long.
    ///
    /// The corresponding C function is `curl_multi_poll`.
    ///
    /// - Parameters:
    ///   - milliseconds: the longest wait.
    ///   - interrupt: a descriptor that ends the wait where it can be read; -1: none.
    /// - Returns: whether it can be read.
    func wait(milliseconds: Int, interrupt: CInt = -1) -> Bool {
        guard let raw = unsafe raw else { return false }
        return unsafe rampart_multi_wait(raw, interrupt, CInt(clamping: milliseconds))
    }

    /// Removes one transfer that has ended and returns it with its reply or why there is none; nil
    /// where none has.
    func takeFinished() -> (EasyHandle, Result<HTTPResponse, TransportError>)? {
        var easy: UnsafeMutableRawPointer?
        var code = CURLE_OK
        // SAFETY: both places are written before the call returns, if it returns true.
        guard let raw = unsafe raw, unsafe rampart_multi_take_finished(raw, &easy, &code),
            let transfer = transfers.first(where: { unsafe $0.raw == easy })
        else { return nil }
        remove(transfer)
        return (transfer, outcome(of: transfer.progress, code))
    }

    private func outcome(
        of progress: TransferProgress,
        _ code: CURLcode
    ) -> Result<HTTPResponse, TransportError> {
        if let failure = progress.failure { return .failure(failure) }
        guard code == CURLE_OK else {
            return .failure(
                TransportError(
                    TransportError.Kind(code),
                    message(for: code),
                    receivedAnything: progress.receivedAnything
                )
            )
        }
        return .success(progress.response)
    }
}

extension TransportError.Kind {
    /// Sorts libcurl's codes by what a caller can do about them.
    fileprivate init(_ code: CURLcode) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: self = .nameNotResolved
        // libcurl is given no other time limit than that for connecting.
        case CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT: self = .connectionFailed
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE,
            CURLE_SEND_FAIL_REWIND:
            self = .connectionLost
        case CURLE_SSL_CONNECT_ERROR: self = .secureChannelFailed
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE: self = .certificateRefused
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING,
            CURLE_HTTP_RETURNED_ERROR:
            self = .malformedReply
        default: self = .requestInvalid
        }
    }
}

private func message(for code: CURLcode) -> String {
    // SAFETY: libcurl returns a constant string for every code.
    unsafe String(cString: curl_easy_strerror(code))
}

// SAFETY, for all callbacks: libcurl calls them within `advance`, on the caller's thread, with the
// context that `EasyHandle` set, whose object is alive, and with a buffer of size × count bytes.

private let takeSocket: rampart_socket_callback = { context, socket, _ in
    if let progress = unsafe progress(at: context) { progress.openedSocket() }
    return rampart_close_on_exec(socket)
}

private let takeHeaderLine: rampart_data_callback = { bytes, size, count, context in
    guard let progress = unsafe progress(at: context) else { return 0 }
    unsafe progress.take(headerLine: array(bytes, size * count))
    return size * count
}

private let takeReplyBytes: rampart_data_callback = { bytes, size, count, context in
    guard let progress = unsafe progress(at: context) else { return 0 }
    return unsafe progress.take(replyBytes: array(bytes, size * count)) ? size * count : 0
}

private let giveBytes: rampart_data_callback = { buffer, size, count, context in
    guard let buffer = unsafe buffer, let progress = unsafe progress(at: context),
        let bytes = progress.nextBytes(upTo: size * count)
    else { return Int(CURL_READFUNC_ABORT) }
    // SAFETY: there are at most as many bytes as were asked for.
    unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size * count).copyBytes(from: bytes)
    return bytes.count
}

private func progress(at context: UnsafeMutableRawPointer?) -> TransferProgress? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<TransferProgress>.fromOpaque(context).takeUnretainedValue()
}

private func array(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count))
}
