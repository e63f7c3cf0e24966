package import RampartCore

/// Inputs that a request names by bucket and key.
package final class S3Inputs: InputSource {
    private let client: S3Client
    private let buckets: Set<String>
    private let bucketOwner: String?

    /// - Parameters:
    ///   - client: whose credentials may read the objects.
    ///   - buckets: those from which inputs may come.
    ///   - bucketOwner: the account that must own each of them; nil: any.
    package init(client: S3Client, buckets: [String], bucketOwner: String? = nil) {
        self.client = client
        self.buckets = Set(buckets)
        self.bucketOwner = bucketOwner
    }

    /// Fetches the objects, in order, at the latest at `instant`.
    ///
    /// - Parameters:
    ///   - objects: with the JSON pointer of the field that names each.
    ///   - limit: the most bytes that one may have.
    ///   - instant: by when all must be over.
    /// - Returns: the objects' bytes.
    /// - Throws: an ``InputFailure``.
    package func fetch(
        _ objects: [(object: S3Object, pointer: String)],
        atMost limit: Int,
        until instant: ContinuousClock.Instant
    ) throws(InputFailure) -> [[UInt8]] {
        for (object, pointer) in objects {
            if let rejection = InputRules.rejection(of: object, at: pointer, buckets: buckets) {
                throw .rejected(rejection)
            }
        }
        let results = client.perform(
            objects.map { call(for: $0.object, atMost: limit) },
            until: instant
        )
        var contents: [[UInt8]] = []
        for ((object, pointer), result) in zip(objects, results) {
            switch result {
            case .success(let reply): contents.append(reply.body)
            case .failure(let problem):
                throw InputRules.failure(
                    of: object,
                    at: pointer,
                    problem,
                    limit: limit,
                    owner: bucketOwner
                )
            }
        }
        return contents
    }

    private func call(for object: S3Object, atMost limit: Int) -> S3Call {
        var headers: [HTTPHeader] = []
        if let etag = object.etag { headers.append(HTTPHeader("If-Match", Self.quoted(etag))) }
        if let bucketOwner { headers.append(ObjectHeaders.expecting(bucketOwner)) }
        return S3Call(
            method: .get,
            bucket: object.bucket,
            key: object.key,
            versionID: object.versionID,
            headers: headers,
            mostReplyBytes: limit
        )
    }

    private static func quoted(_ etag: String) -> String {
        etag.hasPrefix("\"") ? etag : "\"\(etag)\""
    }
}
