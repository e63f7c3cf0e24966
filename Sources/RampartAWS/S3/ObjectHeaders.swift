import FoundationEssentials
import RampartCore

/// The headers that an artifact is stored with.
enum ObjectHeaders {
    /// Returns the headers of an upload, but those that every request to S3 has.
    static func of(_ artifact: Artifact, bucketOwner: String?) -> [HTTPHeader] {
        var headers = [
            HTTPHeader("Content-Type", artifact.mediaType.rawValue),
            // Nobody but the caller is to keep a copy, and a rerun under the same key is to be seen.
            HTTPHeader("Cache-Control", "private, no-cache"),
        ]
        if isActive(artifact.mediaType) {
            headers.append(HTTPHeader("Content-Disposition", disposition(artifact.name)))
        }
        if let original = artifact.originalName {
            headers.append(HTTPHeader("x-amz-meta-original-name", encoded(original)))
        }
        if let checksum = base64(ofHex: artifact.sha256) {
            headers.append(HTTPHeader("x-amz-checksum-sha256", checksum))
        }
        if let bucketOwner { headers.append(expecting(bucketOwner)) }
        return headers
    }

    /// Returns the header that has S3 refuse a bucket of another account.
    static func expecting(_ owner: String) -> HTTPHeader {
        HTTPHeader("x-amz-expected-bucket-owner", owner)
    }

    /// Returns the base64 form of 64 hex digits; nil where they are none.
    static func base64(ofHex hex: String) -> String? {
        let digits = hex.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
        guard digits.count == 64, hex.utf8.count == 64 else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        return Data(bytes).base64EncodedString()
    }

    /// A name as metadata: percent-encoded, for a header is ASCII, and without its beginning where it is long,
    /// for an object may have 2 KB of metadata in all.
    private static func encoded(_ name: String) -> String {
        var kept: [String] = []
        var size = 0
        for scalar in name.unicodeScalars.reversed() {
            let piece = PercentEncoding.encodePath(String(scalar))
            size += piece.utf8.count
            guard size <= mostNameBytes else { break }
            kept.append(piece)
        }
        return kept.reversed().joined()
    }

    private static let mostNameBytes = 1024

    /// Whether a browser would run what the script wrote into it.
    private static func isActive(_ type: MediaType) -> Bool { type == .svg || type == .html }

    private static func disposition(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy(ASCII.isNameByte)
        return isPlain ? "attachment; filename=\"\(name)\"" : "attachment"
    }
}
