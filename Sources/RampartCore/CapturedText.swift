/// What is kept of one of the script's streams.
package struct CapturedText: Sendable, Hashable {
    /// Valid UTF-8, whatever the script printed.
    package let text: String
    /// How many bytes the script printed.
    package let bytes: Int
    package let truncated: Bool

    /// Repairs the kept bytes: what is not UTF-8 becomes U+FFFD, and a character cut in two by the cap
    /// is left out.
    package init(kept: [UInt8], bytes: Int) {
        truncated = bytes > kept.count
        self.bytes = bytes
        text = String(
            decoding: truncated ? kept.dropLast(Self.cutTail(kept)) : kept[...],
            as: UTF8.self
        )
    }

    package init() { self.init(kept: [], bytes: 0) }

    package var json: JSONValue {
        ["text": .string(text), "bytes": .integer(Int64(bytes)), "truncated": .bool(truncated)]
    }

    /// How many bytes at the end begin a character that is not finished.
    private static func cutTail(_ bytes: [UInt8]) -> Int {
        for (distance, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > distance + 1 ? distance + 1 : 0
        }
        return 0
    }
}
