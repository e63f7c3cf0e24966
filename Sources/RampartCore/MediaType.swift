/// What a file holds, told by its content; the name decides only between kinds of text.
package enum MediaType: String, Sendable, CaseIterable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case gif = "image/gif"
    case webp = "image/webp"
    case tiff = "image/tiff"
    case svg = "image/svg+xml"
    case pdf = "application/pdf"
    case html = "text/html"
    case csv = "text/csv"
    case tsv = "text/tab-separated-values"
    case json = "application/json"
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
        if let signature = Self.signatures.first(where: { head.starts(with: $0.bytes) }) {
            self = signature.type
        } else if head.starts(with: Array("RIFF".utf8)),
            head.dropFirst(8).starts(with: Array("WEBP".utf8))
        {
            self = .webp
        } else if let text = Self.text(head) {
            self = Self.kind(of: text, name: name.lowercased())
        } else {
            self = .binary
        }
    }

    private static func kind(of text: String, name: String) -> MediaType {
        let start = text.drop(while: \.isWhitespace).prefix(512).lowercased()
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return .html }
        if start.hasPrefix("<svg") || (start.hasPrefix("<?xml") && start.contains("<svg")) {
            return .svg
        }
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
        return captured.text.unicodeScalars.contains("\u{FFFD}") ? nil : captured.text
    }

    private static let byExtension: [(suffix: String, type: MediaType)] = [
        (".csv", .csv), (".tsv", .tsv), (".json", .json), (".geojson", .json),
    ]

    private static let signatures: [(bytes: [UInt8], type: MediaType)] = [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .png),
        ([0xFF, 0xD8, 0xFF], .jpeg),
        (Array("GIF8".utf8), .gif),
        ([0x49, 0x49, 0x2A, 0x00], .tiff),
        ([0x4D, 0x4D, 0x00, 0x2A], .tiff),
        (Array("%PDF-".utf8), .pdf),
        ([0x50, 0x4B, 0x03, 0x04], .zip),
        ([0x1F, 0x8B], .gzip),
        (Array("PAR1".utf8), .parquet),
    ]
}
