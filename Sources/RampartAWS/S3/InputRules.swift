import RampartCore

/// Which inputs a request may name, and whose fault it is where one cannot be had.
enum InputRules {
    /// Returns why an object may not be asked for; nil where it may.
    static func rejection(
        of object: S3Object,
        at pointer: String,
        buckets: Set<String>
    ) -> Rejection? {
        guard buckets.contains(object.bucket) else {
            let allowed = buckets.sorted().joined(separator: ", ")
            let rule = allowed.isEmpty ? "set RAMPART_INPUT_BUCKETS" : "allowed: \(allowed)"
            return Rejection(at: "\(pointer)/bucket", "is not a bucket for inputs; \(rule)")
        }
        if let etag = object.etag, !isPlain(etag) {
            return Rejection(at: "\(pointer)/etag", "must be an ETag: printable ASCII")
        }
        if let version = object.versionID, !isPlain(version) {
            return Rejection(at: "\(pointer)/versionId", "must be a version id: printable ASCII")
        }
        return nil
    }

    /// Returns what a problem with an input means: the request's own doing, or a fault.
    static func failure(
        of object: S3Object,
        at pointer: String,
        _ problem: StoreProblem,
        limit: Int,
        owner: String? = nil
    ) -> InputFailure {
        if let (field, message) = rejection(for: problem, of: object, limit: limit) {
            return .rejected(Rejection(at: "\(pointer)/\(field)", message))
        }
        let sentence = S3Explanation.sentence(
            for: problem,
            .get(isVersioned: object.versionID != nil),
            bucket: object.bucket,
            owner: owner
        )
        return .fault(
            Fault(
                .inputRefused,
                couldNot: "fetch the input at \(pointer)",
                cause: problem.isForbidden ? sentence + missingHint : sentence
            )
        )
    }

    private static func rejection(
        for problem: StoreProblem,
        of object: S3Object,
        limit: Int
    ) -> (field: String, message: String)? {
        switch problem {
        case .broken(let error) where error.kind == .replyTooLarge:
            ("key", "names an object of more than \(limit) bytes, which is the limit")
        case .refused(_, "NoSuchBucket", _): ("bucket", "does not exist")
        case .refused(_, "NoSuchVersion", _), .refused(405, "MethodNotAllowed", _):
            ("versionId", "names no version of the object")
        case .refused(400, "InvalidArgument", _) where object.versionID != nil:
            ("versionId", "is not a version id")
        case .refused(404, _, _): ("key", "names no object in the bucket")
        case .refused(412, _, _): ("etag", "is not the object's ETag: it has changed")
        case .refused(_, "InvalidObjectState", _):
            ("key", "names an archived object: restore it first")
        default: nil
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        (1...1024).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static let missingHint =
        "; S3 says the same of an object that is not there, unless the role may s3:ListBucket"
}
