import RampartCore

/// A presigned address, read so strictly that no two readers can differ over its host.
struct PresignedURL: Sendable, Hashable {
    let isSecure: Bool
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    let host: String

    /// Reads an address; nil where it is not `http(s)://host[:port]/path[?query]` in printable ASCII.
    init?(_ url: String) {
        guard url.utf8.count <= Self.mostBytes, url.utf8.allSatisfy(Self.isPlain),
            let scheme = ["https://", "http://"].first(where: { url.hasPrefix($0) })
        else { return nil }
        let rest = url.dropFirst(scheme.count)
        guard let slash = rest.firstIndex(of: "/"),
            let host = Self.host(rest[..<slash])
        else { return nil }
        isSecure = scheme == "https://"
        self.host = host
    }

    /// Whether the host is this machine itself.
    var isLoopback: Bool {
        host.lowercased() == "localhost" || host == "[::1]" || Self.isLoopbackIPv4(host)
    }

    private static func host(_ authority: Substring) -> String? {
        let isBracketed = authority.hasPrefix("[")
        let end =
            isBracketed
            ? authority.firstIndex(of: "]").map { authority.index(after: $0) }
            : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let end, isPort(authority[end...]) else { return nil }
        let host = authority[..<end]
        let name = isBracketed ? host.dropFirst().dropLast() : host
        let marks = Set((isBracketed ? ":." : ".-_").utf8)
        let isName = name.utf8.allSatisfy { ASCII.isAlphanumeric($0) || marks.contains($0) }
        return !name.isEmpty && isName && !name.hasPrefix(".") ? String(host) : nil
    }

    /// Whether what follows the host is nothing, or a colon and a port.
    private static func isPort(_ text: Substring) -> Bool {
        guard text.hasPrefix(":") else { return text.isEmpty }
        let port = text.dropFirst()
        return port.utf8.allSatisfy(ASCII.isDigit)
            && (Int(port).map { (1...65_535).contains($0) } ?? false)
    }

    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                part.utf8.allSatisfy(ASCII.isDigit) && UInt8(part) != nil
            }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !Set("#\\\"<>".utf8).contains(byte)
    }

    private static let mostBytes = 16 << 10
}
