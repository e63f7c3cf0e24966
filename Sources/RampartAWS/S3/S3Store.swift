package import RampartCore

/// The deployment's bucket.
package final class S3Store: ArtifactStore {
    private let client: S3Client
    private let bucket: String
    private let prefix: String
    private let bucketOwner: String?

    /// - Parameters:
    ///   - client: whose credentials may put objects there.
    ///   - bucket: where artifacts go.
    ///   - prefix: what every key begins with.
    ///   - bucketOwner: the account that must own the bucket; nil: any.
    package init(client: S3Client, bucket: String, prefix: String, bucketOwner: String? = nil) {
        self.client = client
        self.bucket = bucket
        self.prefix = prefix
        self.bucketOwner = bucketOwner
    }

    /// Stores the artifacts, and returns when each is confirmed or given up, at the latest at
    /// `instant`.
    ///
    /// - Parameters:
    ///   - artifacts: what the run left.
    ///   - prefix: what comes before each name, after the deployment's own prefix.
    ///   - instant: by when all must be over.
    /// - Returns: where each is, as far as S3 has confirmed it.
    package func store(
        _ artifacts: [Artifact],
        under prefix: String,
        until instant: ContinuousClock.Instant
    ) -> StoreOutcome {
        let calls = artifacts.map { call(for: $0, key: self.prefix + prefix + $0.name) }
        let results = client.perform(calls, until: instant)
        var outcome = StoreOutcome(locations: [])
        for (call, result) in zip(calls, results) {
            switch result {
            case .success(let reply):
                let etag = reply.headers["ETag"].map(Self.unquoted)
                outcome.locations.append(.s3(bucket: bucket, key: call.key, etag: etag))
            case .failure(let problem):
                outcome.locations.append(nil)
                outcome.failure = outcome.failure ?? failure(of: call, problem)
            }
        }
        return outcome
    }

    private func call(for artifact: Artifact, key: String) -> S3Call {
        S3Call(
            method: .put,
            bucket: bucket,
            key: key,
            headers: ObjectHeaders.of(artifact, bucketOwner: bucketOwner),
            body: .content(artifact.content),
            payloadSHA256: artifact.sha256
        )
    }

    private func failure(of call: S3Call, _ problem: StoreProblem) -> StorageFailure {
        var message = S3Explanation.sentence(for: problem, .put, bucket: bucket, owner: bucketOwner)
        if client.isWithdrawal(problem) { message += Self.withdrawn }
        return StorageFailure(
            code: problem.code,
            message: message,
            bucket: bucket,
            key: call.key,
            isTransient: problem.isTransient
        )
    }

    private static let withdrawn =
        "; the same credentials could write before, so the role's rights were changed or its sessions revoked"

    private static func unquoted(_ etag: String) -> String {
        guard etag.count >= 2, etag.hasPrefix("\""), etag.hasSuffix("\"") else { return etag }
        return String(etag.dropFirst().dropLast())
    }
}
