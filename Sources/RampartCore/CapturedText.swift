/// What is kept of one of the script's streams: all of it, or its beginning and its end.
package struct CapturedText: Sendable, Hashable {
    /// Valid UTF-8, whatever the script printed; all of it unless something is omitted.
    package let beginning: String
    /// What comes after the bytes that are omitted; valid UTF-8.
    package let end: String
    /// How many bytes the script printed.
    package let bytes: Int
    /// How many of them are left out, between the beginning and the end.
    package let omitted: Int

    /// Repairs the kept bytes: what is not UTF-8 becomes U+FFFD, and a character that the gap cuts in two is left out.
    ///
    /// - Parameters:
    ///   - kept: the first bytes.
    ///   - tail: the last bytes; none of them are among the first.
    ///   - shown: how many there were, as a terminal shows them; nil: as many as were printed.
    ///   - bytes: how many were printed.
    package init(kept: [UInt8], tail: [UInt8] = [], shown: Int? = nil, bytes: Int) {
        let shown = shown ?? bytes
        guard shown > kept.count + tail.count else {
            self.init(beginning: String(decoding: kept + tail, as: UTF8.self), bytes: bytes)
            return
        }
        let first = kept.dropLast(Self.cutEnd(of: kept))
        let last = tail.dropFirst(tail.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count)
        self.init(
            beginning: String(decoding: first, as: UTF8.self),
            end: String(decoding: last, as: UTF8.self),
            bytes: bytes,
            omitted: shown - first.count - last.count
        )
    }

    package init() { self.init(kept: [], bytes: 0) }

    private init(beginning: String, end: String = "", bytes: Int, omitted: Int = 0) {
        self.beginning = beginning
        self.end = end
        self.bytes = bytes
        self.omitted = omitted
    }

    package var truncated: Bool { omitted > 0 }

    /// What is kept, with a line that says what is not.
    package var text: String {
        truncated ? "\(beginning)\n[\(omitted) bytes omitted]\n\(end)" : beginning
    }

    /// Bytes that the line of ``text`` takes at most.
    package static let mostGapBytes = 48

    package var json: JSONValue {
        [
            "text": .string(text), "bytes": JSONValue(bytes), "truncated": .bool(truncated),
            "omitted": JSONValue(omitted),
        ]
    }

    /// Returns as much of the beginning and the end as takes so many bytes in JSON, half of them each.
    func cut(toEncoded most: Int) -> CapturedText {
        let whole = Array((beginning + end).utf8)
        let room = max(0, most - 2 * Self.mostGapBytes) / 2
        let first = Self.fitting(whole, in: room)
        let last = Self.fitting(whole.dropFirst(first).reversed(), in: room)
        let kept = CapturedText(
            kept: Array(whole.prefix(first)),
            tail: Array(whole.suffix(last)),
            bytes: whole.count
        )
        // What is not UTF-8 has become longer: there cannot be more bytes left out than there were.
        return CapturedText(
            beginning: kept.beginning,
            end: kept.end,
            bytes: bytes,
            omitted: min(bytes, omitted + kept.omitted)
        )
    }

    /// How many of the bytes fit into so many when they are written in JSON.
    private static func fitting(_ bytes: some Sequence<UInt8>, in room: Int) -> Int {
        var used = 0
        return bytes.prefix { byte in
            used += JSONWriter.width(of: byte)
            return used <= room
        }.count
    }

    /// How many bytes at the end begin a character that is not finished.
    private static func cutEnd(of bytes: [UInt8]) -> Int {
        for (distance, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > distance + 1 ? distance + 1 : 0
        }
        return 0
    }
}
