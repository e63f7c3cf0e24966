/// How the files of graphics devices end, so that one which its device still held is told from one that is whole.
package enum PictureEnd {
    /// How many bytes at the end ``isWhole(_:name:end:)`` looks at.
    package static let bytes = 1024

    /// Returns whether a file has the end of its kind; a file of another kind is whole.
    ///
    /// - Parameters:
    ///   - type: its kind, by its content.
    ///   - name: its name: a device that has written nothing yet has made an empty file.
    ///   - end: its last ``bytes`` bytes, or all there are.
    /// - Returns: false for a file that its device still held.
    package static func isWhole(_ type: MediaType, name: String, end: [UInt8]) -> Bool {
        guard !end.isEmpty else { return !extensions.contains { name.lowercased().hasSuffix($0) } }
        return ends.first { $0.type == type }?.isFound(end) ?? true
    }

    private static let ends: [(type: MediaType, isFound: @Sendable ([UInt8]) -> Bool)] = [
        (.pdf, { holds($0, "%%EOF") }),
        (.postscript, { holds($0, "%%EOF") }),
        (.svg, { holds($0, "</svg>") || holds($0.suffix(4), "/>") }),
        (.png, { holds($0.suffix(12), "IEND") }),
        (.jpeg, { $0.suffix(2) == [0xFF, 0xD9] }),
        (.gif, { $0.last == UInt8(ascii: ";") }),
    ]

    private static let extensions = [
        ".pdf", ".ps", ".eps", ".svg", ".png", ".jpg", ".jpeg", ".gif",
    ]

    private static func holds(_ bytes: some Collection<UInt8>, _ word: StaticString) -> Bool {
        let wanted = Array("\(word)".utf8), bytes = Array(bytes)
        guard bytes.count >= wanted.count else { return false }
        return (0...bytes.count - wanted.count).contains {
            bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }
}
