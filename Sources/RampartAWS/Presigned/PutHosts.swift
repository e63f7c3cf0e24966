import RampartCore

/// The hosts to which a request may have its artifacts put.
package struct PutHosts: Sendable, Hashable {
    private let patterns: [String]

    /// - Parameter patterns: each a host's name, or `*.` and the end of names: `*.amazonaws.com`.
    package init(_ patterns: [String]) { self.patterns = patterns.map { $0.lowercased() } }

    /// Whether there is none, so that every address is refused.
    var isEmpty: Bool { patterns.isEmpty }

    /// Returns whether a host matches a pattern; case does not count.
    func allows(_ host: String) -> Bool {
        let host = host.lowercased()
        return patterns.contains { Self.matches(host, $0) }
    }

    private static func matches(_ host: String, _ pattern: String) -> Bool {
        guard pattern.hasPrefix("*.") else { return host == pattern }
        let end = pattern.dropFirst()
        return end.count > 1 && host.count > end.count && host.hasSuffix(end)
            && !host.hasPrefix(".") && !isNumeric(host)
    }

    /// Whether a host may be read as an address, which no end of a name can vouch for.
    private static func isNumeric(_ host: String) -> Bool {
        let last = host.split(separator: ".").last ?? ""
        return last.utf8.allSatisfy(ASCII.isDigit) || last.hasPrefix("0x")
    }
}
