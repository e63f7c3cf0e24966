import RampartCore

/// One header line of a request or a reply.
struct HTTPHeader: Sendable, Hashable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the name is an HTTP token and the value has no control character, so that the line
    /// cannot end early and begin another.
    var isSafe: Bool { Self.isToken(name) && Self.isText(value) }

    /// Returns whether a name is a token of RFC 9110.
    static func isToken(_ name: String) -> Bool {
        let marks = Set("!#$%&'*+-.^_`|~".utf8)
        return !name.isEmpty
            && name.utf8.allSatisfy { ASCII.isAlphanumeric($0) || marks.contains($0) }
    }

    private static func isText(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
    }
}

extension [HTTPHeader] {
    /// The value of the first header of that name, whose case does not count.
    subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return first { $0.name.lowercased() == wanted }?.value
    }
}
