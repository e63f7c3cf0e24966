/// What a file holds, told by its content; the name decides only between kinds of text.
package enum MediaType: String, Sendable, CaseIterable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case gif = "image/gif"
    case webp = "image/webp"
    case tiff = "image/tiff"
    case bmp = "image/bmp"
    case svg = "image/svg+xml"
    case pdf = "application/pdf"
    case postscript = "application/postscript"
    case html = "text/html"
    case csv = "text/csv"
    case tsv = "text/tab-separated-values"
    case json = "application/json"
    case xml = "application/xml"
    case text = "text/plain"
    case zip = "application/zip"
    case gzip = "application/gzip"
    case parquet = "application/vnd.apache.parquet"
    case binary = "application/octet-stream"

    /// How many bytes at the start ``init(head:name:)`` looks at.
    package static let headBytes = 1024

    /// - Parameters:
    ///   - head: the file's first ``headBytes`` bytes, or all there are.
    ///   - name: the file's name.
    package init(head: [UInt8], name: String) {
        if let signature = Self.signatures.first(where: { $0.isFound(in: head) }) {
            self = signature.type
        } else if let text = Self.text(head) {
            self = Self.kind(of: text, name: name.lowercased())
        } else {
            self = .binary
        }
    }

    private static func kind(of text: String, name: String) -> MediaType {
        let start = text.drop(while: \.isWhitespace).prefix(512).lowercased()
        if start.hasPrefix("<?xml") {
            return markup.first { start.contains($0.start) }?.type ?? .xml
        }
        if let found = markup.first(where: { start.hasPrefix($0.start) }) { return found.type }
        return byExtension.first { name.hasSuffix($0.suffix) }?.type ?? .text
    }

    /// The head as text; nil where it holds a NUL or is not UTF-8.
    ///
    /// A character cut at the end is fine.
    private static func text(_ head: [UInt8]) -> String? {
        guard !head.contains(0) else { return nil }
        let captured = CapturedText(
            kept: head,
            bytes: head.count == headBytes ? head.count + 1 : head.count
        )
        return captured.beginning.unicodeScalars.contains("\u{FFFD}") ? nil : captured.beginning
    }

    /// How markup begins, after an XML declaration where it has one.
    private static let markup: [(start: String, type: MediaType)] = [
        ("<svg", .svg), ("<!doctype svg", .svg), ("<!doctype html", .html), ("<html", .html),
    ]

    private static let byExtension: [(suffix: String, type: MediaType)] = [
        (".csv", .csv), (".tsv", .tsv), (".json", .json), (".geojson", .json),
    ]

    /// What a format's files have in common: bytes at the start, and further on.
    private struct Signature {
        let type: MediaType
        let start: [UInt8]
        var later: (at: Int, bytes: [UInt8]) = (0, [])

        func isFound(in head: [UInt8]) -> Bool {
            head.starts(with: start) && head.dropFirst(later.at).starts(with: later.bytes)
        }
    }

    private static let signatures = [
        Signature(type: .png, start: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        Signature(type: .jpeg, start: [0xFF, 0xD8, 0xFF]),
        Signature(type: .gif, start: Array("GIF8".utf8)),
        Signature(type: .webp, start: Array("RIFF".utf8), later: (8, Array("WEBP".utf8))),
        Signature(type: .tiff, start: [0x49, 0x49, 0x2A, 0x00]),
        Signature(type: .tiff, start: [0x4D, 0x4D, 0x00, 0x2A]),
        // A text may begin with "BM", but has no such reserved bytes.
        Signature(type: .bmp, start: Array("BM".utf8), later: (6, [0, 0, 0, 0])),
        Signature(type: .pdf, start: Array("%PDF-".utf8)),
        Signature(type: .postscript, start: Array("%!PS".utf8)),
        Signature(type: .postscript, start: [0xC5, 0xD0, 0xD3, 0xC6]),
        Signature(type: .zip, start: [0x50, 0x4B, 0x03, 0x04]),
        Signature(type: .gzip, start: [0x1F, 0x8B]),
        Signature(type: .parquet, start: Array("PAR1".utf8)),
    ]
}
