package import RampartCore

/// Where the Runtime API listens, as `AWS_LAMBDA_RUNTIME_API` says: `host:port`, without a scheme.
package struct RuntimeAddress: Sendable, Hashable {
    /// `http://127.0.0.1:9001`.
    let base: String

    /// Reads the address.
    ///
    /// - Throws: a ``Fault`` where it is not of the form `host:port`.
    package init(_ address: String) throws(Fault) {
        guard let colon = address.lastIndex(of: ":"),
            Self.isHost(address[..<colon]), Self.isPort(address[address.index(after: colon)...])
        else {
            throw Fault(
                .invalidConfiguration,
                couldNot: "find the Runtime API",
                cause: "AWS_LAMBDA_RUNTIME_API must be host:port; it is \"\(address.prefix(80))\""
            )
        }
        base = "http://\(address)"
    }

    private static func isHost(_ host: Substring) -> Bool {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let name = isBracketed ? host.dropFirst().dropLast() : host
        let marks = Set((isBracketed ? ".:" : ".-").utf8)
        return !name.isEmpty
            && name.utf8.allSatisfy { ASCII.isAlphanumeric($0) || marks.contains($0) }
    }

    private static func isPort(_ port: Substring) -> Bool {
        port.utf8.allSatisfy(ASCII.isDigit)
            && (Int(port).map { (1...65_535).contains($0) } ?? false)
    }
}
