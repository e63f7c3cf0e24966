import CCurl

extension EasyHandle {
    /// Sets a request up to be sent as it is, and nothing besides.
    ///
    /// - Parameters:
    ///   - request: what is sent.
    ///   - settings: the transfer's bounds.
    ///   - onNewConnection: whether no kept connection may carry it.
    /// - Throws: a ``TransportError`` where the request cannot be made.
    convenience init(
        _ request: HTTPRequest,
        _ settings: TransportSettings,
        onNewConnection: Bool = false
    ) throws(TransportError) {
        try self.init(TransferProgress(of: request))
        try apply(settings)
        if onNewConnection { try set(CURLOPT_FRESH_CONNECT, to: 1) }
        try set(CURLOPT_URL, to: request.url)
        // Keys may hold `.` and `..` as segments; libcurl would resolve them.
        try set(CURLOPT_PATH_AS_IS, to: 1)
        try apply(request.method, request.body)
        try apply(request.headers)
    }

    private func apply(_ settings: TransportSettings) throws(TransportError) {
        try set(CURLOPT_PROTOCOLS_STR, to: "http,https")
        try set(CURLOPT_HTTP_VERSION, to: Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_FOLLOWLOCATION, to: 0)
        // Empty, it also keeps libcurl from the proxy variables of the environment.
        try set(CURLOPT_PROXY, to: "")
        try set(CURLOPT_NOSIGNAL, to: 1)
        // A name that resolves slowly must not hold a transfer's end up past its deadline.
        try set(CURLOPT_QUICK_EXIT, to: 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, to: max(1, settings.connectTimeout.wholeMilliseconds))
        if let seconds = settings.idleSeconds { try set(CURLOPT_MAXAGE_CONN, to: seconds) }
        if let file = settings.certificateFile { try set(CURLOPT_CAINFO, to: file) }
    }

    private func apply(
        _ method: HTTPRequest.Method,
        _ body: HTTPBody?
    ) throws(TransportError) {
        guard let body else {
            guard method == .get else {
                throw TransportError(.requestInvalid, "a \(method.rawValue) needs a body")
            }
            return try set(CURLOPT_HTTPGET, to: 1)
        }
        // An upload under any method's name: a POST of libcurl's would add a Content-Type.
        try set(CURLOPT_UPLOAD, to: 1)
        try set(CURLOPT_CUSTOMREQUEST, to: method.rawValue)
        try set(CURLOPT_INFILESIZE_LARGE, toByteCount: body.byteCount)
    }

    private func apply(_ headers: [HTTPHeader]) throws(TransportError) {
        for header in headers where !header.isSafe {
            let cause = "the header \(header.name.prefix(40)) holds what a header may not"
            throw TransportError(.requestInvalid, cause)
        }
        let names = Set(headers.map { $0.name.lowercased() })
        // A name without a value takes libcurl's own header of that name out.
        let own = ["Accept", "Expect"].filter { !names.contains($0.lowercased()) }
        let given = headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        try set(headerLines: given + own.map { "\($0):" })
    }
}
