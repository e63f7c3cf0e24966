import RampartCore

/// Percent-encoding as RFC 3986 and AWS's signature want it: all but `A-Z a-z 0-9 - . _ ~`.
enum PercentEncoding {
    /// Returns a text as one segment of a path or one value of a query.
    static func encode(_ text: String) -> String { encode(text, keeping: []) }

    /// Returns a text as a path; its slashes stay.
    static func encodePath(_ text: String) -> String { encode(text, keeping: [UInt8(ascii: "/")]) }

    private static func encode(_ text: String, keeping kept: Set<UInt8>) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if ASCII.isNameByte(byte) || byte == UInt8(ascii: "~") || kept.contains(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
