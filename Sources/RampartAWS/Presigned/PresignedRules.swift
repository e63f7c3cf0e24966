package import RampartCore

/// What a request may say in `store.put`.
package enum PresignedRules {
    /// Returns why the addresses may not be used, with a pointer to the field; nil where they may.
    ///
    /// To be asked before the run, so that no script runs whose charts have nowhere to go.
    package static func rejection(of puts: [PresignedPut], allowing hosts: PutHosts) -> Rejection? {
        for (index, put) in puts.enumerated() {
            let pointer = "/store/put/\(index)"
            if let message = problem(with: put.url, hosts) {
                return Rejection(at: "\(pointer)/url", message)
            }
            if let rejection = rejection(of: put.headers, at: "\(pointer)/headers") {
                return rejection
            }
        }
        return nil
    }

    private static func problem(with text: String, _ hosts: PutHosts) -> String? {
        guard !hosts.isEmpty else {
            return "is refused: the deployment allows no host in RAMPART_PUT_HOSTS"
        }
        guard let url = PresignedURL(text) else {
            return "must be https://host[:port]/path?query in printable ASCII, without a user or #"
        }
        guard hosts.allows(url.host) else {
            return "names the host \(url.host), which RAMPART_PUT_HOSTS does not allow"
        }
        guard url.isSecure || url.isLoopback else { return "must be https" }
        return nil
    }

    private static func rejection(
        of headers: [PresignedPut.Header],
        at pointer: String
    ) -> Rejection? {
        guard headers.count <= mostHeaders else {
            return Rejection(at: pointer, "holds \(headers.count) headers: at most \(mostHeaders)")
        }
        for header in headers {
            let line = HTTPHeader(header.name, header.value)
            guard line.isSafe, header.value.utf8.count <= mostValueBytes else {
                return Rejection(at: pointer, "must hold header names and one-line values")
            }
            guard !own.contains(header.name.lowercased()) else {
                let message = "must not hold \(header.name): Rampart sets it itself"
                return Rejection(at: pointer, message)
            }
        }
        return nil
    }

    /// What says where a message goes and where it ends.
    private static let own: Set<String> = [
        "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization",
        "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]
    private static let mostHeaders = 32
    private static let mostValueBytes = 4096
}
