/// A file that a run left and that is kept.
package struct Artifact: Sendable {
    package enum Role: Sendable, Hashable {
        case chart(
            width: Int?,
            height: Int?,
            line: Int?,
            alt: String?,
            description: ChartDescription?
        )
        /// `picture`: its size, if it is a picture.
        case file(picture: PictureSize?)
    }

    /// What it is stored and named as; made by ``ArtifactName``.
    package let name: String
    /// The path that the script gave it, below its working directory; nil where that is the name.
    package let originalName: String?
    package let mediaType: MediaType
    /// 64 hex digits.
    package let sha256: String
    package let role: Role
    package let content: any ArtifactContent

    package init(
        name: String,
        originalName: String? = nil,
        mediaType: MediaType,
        sha256: String,
        role: Role,
        content: any ArtifactContent
    ) {
        self.name = name
        self.originalName = originalName == name ? nil : originalName
        self.mediaType = mediaType
        self.sha256 = sha256
        self.role = role
        self.content = content
    }

    package var isChart: Bool { if case .chart = role { true } else { false } }
}

/// The bytes of an artifact, which may lie in a file.
package protocol ArtifactContent: Sendable {
    /// How many bytes there are; fixed when the artifact was collected.
    var byteCount: Int { get }

    /// Returns up to `count` bytes from `offset` on; none only at the end.
    ///
    /// - Throws: a ``Fault`` where the file cannot be read or has become shorter.
    func read(upTo count: Int, at offset: Int) throws(Fault) -> [UInt8]
}

extension ArtifactContent {
    /// Returns all bytes.
    package func readAll() throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        while bytes.count < byteCount {
            bytes += try read(upTo: min(1 << 20, byteCount - bytes.count), at: bytes.count)
        }
        return bytes
    }
}

/// Where an artifact is, once its store has confirmed it.
package enum Location: Sendable, Hashable {
    case s3(bucket: String, key: String, etag: String?)
    case path(String)
    case inline(base64: String)
    /// Without its query, which is a secret.
    case url(String)

    package var json: JSONValue {
        switch self {
        case .s3(let bucket, let key, let etag):
            ["bucket": .string(bucket), "key": .string(key), "etag": JSONValue(etag)]
        case .path(let path): ["path": .string(path)]
        case .inline(let base64): ["data": .string(base64)]
        case .url(let url): ["url": .string(url)]
        }
    }
}
