package import RampartCore

/// Presigned addresses of the caller's, used in order; no right of the function's own is needed.
///
/// The addresses must have passed ``PresignedRules``. Nothing is sent but the caller's own headers.
package final class PresignedStore: ArtifactStore {
    private let puts: [PresignedPut]
    private let transport: Transport
    private let retries: RetryPolicy

    /// - Parameters:
    ///   - puts: where the artifacts go, the first to the first.
    ///   - transport: whose connections are used.
    ///   - retries: when an upload is sent again.
    package init(
        _ puts: [PresignedPut],
        transport: Transport = Transport(.store),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.puts = puts
        self.transport = transport
        self.retries = retries
    }

    /// Stores the artifacts, and returns when each is confirmed or given up, at the latest at
    /// `instant`; those for which there is no address are left out.
    ///
    /// - Parameters:
    ///   - artifacts: what the run left.
    ///   - prefix: not used: each address names its place.
    ///   - instant: by when all must be over.
    /// - Returns: where each is, as far as its store has confirmed it.
    package func store(
        _ artifacts: [Artifact],
        under prefix: String,
        until instant: ContinuousClock.Instant
    ) -> StoreOutcome {
        let pairs = Array(zip(artifacts, puts))
        var transfers = StoreTransfers(
            count: pairs.count,
            policy: retries,
            until: instant,
            make: { Self.request(putting: pairs[$0].0, to: pairs[$0].1) },
            read: { StoreProblem(in: $1, successes: [200, 201], hidesErrors: true) }
        )
        transport.run(&transfers, atMost: Self.width, until: instant)
        var outcome = StoreOutcome(locations: [])
        for ((_, put), result) in zip(pairs, transfers.results) {
            switch result {
            case .success: outcome.locations.append(Self.location(put))
            case .failure(let problem):
                outcome.locations.append(nil)
                outcome.failure = outcome.failure ?? Self.failure(problem)
            }
        }
        for index in artifacts.indices.dropFirst(pairs.count) {
            outcome.locations.append(nil)
            outcome.leftOut[index] = .count
        }
        return outcome
    }

    private static func request(putting artifact: Artifact, to put: PresignedPut) -> HTTPRequest {
        HTTPRequest(
            .put,
            put.url,
            headers: put.headers.map { HTTPHeader($0.name, $0.value) },
            body: .content(artifact.content)
        )
    }

    /// Names the place without its query, which is a secret.
    private static func location(_ put: PresignedPut) -> Location {
        .url(String(put.url.prefix { $0 != "?" }))
    }

    private static func failure(_ problem: StoreProblem) -> StorageFailure {
        StorageFailure(
            code: problem.code,
            message: PresignedExplanation.sentence(for: problem),
            bucket: nil,
            key: nil,
            isTransient: problem.isTransient
        )
    }

    private static let width = 8
}
