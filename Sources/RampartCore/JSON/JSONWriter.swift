/// Writes JSON: compact UTF-8, members in the order of their names' bytes.
///
/// Foundation's encoder builds a tree of boxes first: 8 MiB of small values took it a gigabyte.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: write(word: "null")
        case .bool(let bool): write(word: bool ? "true" : "false")
        case .integer(let integer): write(word: "\(integer)")
        case .number(let number): write(number)
        case .string(let text): write(text)
        case .array(let elements): write(elements)
        case .object(let members): write(members)
        case .encoded(let part): bytes += part.bytes
        }
    }

    /// Writes a string; only what JSON forbids in one is escaped.
    mutating func write(_ text: String) {
        let source = Array(text.utf8)
        var plain = 0
        bytes.append(UInt8(ascii: "\""))
        for (index, byte) in source.enumerated() where Self.width(of: byte) != 1 {
            bytes += source[plain..<index]
            escape(byte)
            plain = index + 1
        }
        bytes += source[plain...]
        bytes.append(UInt8(ascii: "\""))
    }

    /// How many bytes a byte of a string takes when it is written.
    static func width(of byte: UInt8) -> Int {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): 2
        case 0x20...: 1
        case 0x08, 0x09, 0x0A, 0x0C, 0x0D: 2
        default: 6
        }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x08: write(word: "\\b")
        case 0x09: write(word: "\\t")
        case 0x0A: write(word: "\\n")
        case 0x0C: write(word: "\\f")
        case 0x0D: write(word: "\\r")
        case 0x20...: bytes += [UInt8(ascii: "\\"), byte]
        default:
            write(word: byte < 0x10 ? "\\u000" : "\\u001");
            write(word: String(byte & 0xF, radix: 16))
        }
    }

    /// JSON has no number for what is not finite: it is null.
    private mutating func write(_ number: Double) {
        guard number.isFinite else { return write(word: "null") }
        write(word: Int64(exactly: number).map { "\($0)" } ?? "\(number)")
    }

    private mutating func write(_ elements: [JSONValue]) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ members: [String: JSONValue]) {
        // By bytes: Unicode's order of hostile names takes minutes to find.
        let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in sorted.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(member.key)
            bytes.append(UInt8(ascii: ":"))
            write(member.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(word: String) { bytes += word.utf8 }
}
