/// Parses a JSON document (RFC 8259) into a ``JSONValue``; of members of one name the last counts.
///
/// Foundation's decoder takes UTF-16 and trailing commas, needs time that is quadratic in depth, and puts a string with
/// escapes together piece by piece: two megabytes of a CSV took it 20 ms.
struct JSONParser {
    private let bytes: [UInt8]
    private let mostDepth: Int
    private var at = 0
    /// How many values and names may still come.
    private var nodes: Int

    /// What is wrong with a document, and where.
    struct Malformed: Error, Equatable, CustomStringConvertible {
        let reason: String
        /// In bytes; nil where it is the document as a whole.
        let offset: Int?

        var description: String { offset.map { "\(reason), at byte \($0)" } ?? reason }
    }

    private init(_ bytes: [UInt8], nestedAtMost mostDepth: Int, nodes: Int) {
        self.bytes = bytes
        self.mostDepth = mostDepth
        self.nodes = nodes
    }

    /// Parses a whole document.
    ///
    /// - Parameters:
    ///   - bytes: the document, in UTF-8.
    ///   - mostDepth: how deep its arrays and objects may lie within each other.
    ///   - nodes: how many values and names it may hold; those that were read are taken off.
    /// - Returns: the document's value.
    /// - Throws: ``JSONValue/TooDeep``, ``JSONValue/TooMany``, or ``Malformed``.
    static func parse(
        _ bytes: [UInt8],
        nestedAtMost mostDepth: Int,
        spending nodes: inout Int
    ) throws -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Malformed(reason: "it is not UTF-8", offset: nil)
        }
        var parser = JSONParser(bytes, nestedAtMost: mostDepth, nodes: nodes)
        defer { nodes = parser.nodes }
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.at == bytes.count else {
            throw parser.malformed("something follows the value")
        }
        return value
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        try spendNode()
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || Self.digits.contains(byte):
            return try number()
        default: throw malformed("a value is missing")
        }
    }

    private mutating func object(depth: Int) throws -> JSONValue {
        var members: [String: JSONValue] = [:]
        try elements(depth: depth, until: UInt8(ascii: "}")) { parser in
            let start = parser.at
            guard parser.peek() == UInt8(ascii: "\"") else {
                throw parser.malformed("a name is missing")
            }
            try parser.spendNode()
            let name = try parser.string()
            guard !CombiningMarks.areMany(in: name) else {
                throw Malformed(reason: "a name of combining marks", offset: start)
            }
            parser.skipSpace()
            guard parser.take(UInt8(ascii: ":")) else {
                throw parser.malformed("a colon is missing")
            }
            members[name] = try parser.value(depth: depth)
        }
        return .object(members)
    }

    private mutating func array(depth: Int) throws -> JSONValue {
        var values: [JSONValue] = []
        try elements(depth: depth, until: UInt8(ascii: "]")) { parser in
            values.append(try parser.value(depth: depth))
        }
        return .array(values)
    }

    /// Parses what stands between an opening bracket, which is next, and its closing one.
    private mutating func elements(
        depth: Int,
        until close: UInt8,
        _ element: (inout Self) throws -> Void
    ) throws {
        guard depth <= mostDepth else { throw JSONValue.TooDeep() }
        at += 1
        skipSpace()
        if take(close) { return }
        while true {
            skipSpace()
            try element(&self)
            skipSpace()
            if take(close) { return }
            guard take(UInt8(ascii: ",")) else {
                throw malformed("a comma or a bracket is missing")
            }
        }
    }

    private mutating func literal(_ word: String, _ value: JSONValue) throws -> JSONValue {
        for byte in word.utf8 {
            guard take(byte) else { throw malformed("this is no value") }
        }
        return value
    }

    // MARK: - Numbers

    private mutating func number() throws -> JSONValue {
        let start = at
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else {
            throw Malformed(reason: "a number is out of range", offset: start)
        }
        return .number(number)
    }

    private mutating func digits() throws {
        let start = at
        while let byte = peek(), Self.digits.contains(byte) { at += 1 }
        guard at > start else { throw malformed("a digit is missing") }
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    // MARK: - Strings

    /// Parses a string whose quote is next.
    private mutating func string() throws -> String {
        at += 1
        let start = at
        at = plainEnd
        if peek() == UInt8(ascii: "\"") {
            defer { at += 1 }
            return String(decoding: bytes[start..<at], as: UTF8.self)
        }
        var text = Array(bytes[start..<at])
        while !take(UInt8(ascii: "\"")) {
            guard take(UInt8(ascii: "\\")) else {
                throw malformed("a string has no end, or a control character that is not escaped")
            }
            try unescape(into: &text)
            let end = plainEnd
            text += bytes[at..<end]
            at = end
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Where what a string holds as it stands is over.
    private var plainEnd: Int {
        let span = bytes.span
        var end = at
        while end < span.count, Self.isPlain(span[end]) { end += 1 }
        return end
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func unescape(into text: inout [UInt8]) throws {
        let kind = peek() ?? 0
        at += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"): text += try scalar().utf8
        default: throw malformed("a backslash has no meaning here")
        }
    }

    /// Returns the character of four hexadecimal digits, or of two such escapes; the first `\u` is passed.
    private mutating func scalar() throws -> String {
        let start = at
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return String(scalar) }
        var units = [first]
        if Unicode.UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
            units.append(try unit())
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw Malformed(reason: "half a surrogate pair", offset: start)
        }
        return text
    }

    private mutating func unit() throws -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = peek().map({ Character(UnicodeScalar($0)) })?.hexDigitValue else {
                throw malformed("a hexadecimal digit is missing")
            }
            unit = unit << 4 | UInt16(digit)
            at += 1
        }
        return unit
    }

    // MARK: - Bytes

    private mutating func spendNode() throws {
        guard nodes > 0 else { throw JSONValue.TooMany() }
        nodes -= 1
    }

    private func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            at += 1
        }
    }

    private func malformed(_ reason: String) -> Malformed { Malformed(reason: reason, offset: at) }
}
