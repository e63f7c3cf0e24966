import FoundationEssentials
package import RampartCore

/// Puts artifacts into the envelope itself, as base64, as far as an answer may hold them.
package struct InlineStore: ArtifactStore {
    package init() {}

    package func store(
        _ artifacts: [Artifact],
        under prefix: String,
        until instant: ContinuousClock.Instant
    ) -> StoreOutcome {
        var outcome = StoreOutcome(locations: [])
        var used = 0
        for (index, artifact) in artifacts.enumerated() {
            let size = (artifact.content.byteCount + 2) / 3 * 4
            guard used + size <= Self.mostBase64Bytes else {
                outcome.leftOut[index] = .size
                outcome.locations.append(nil)
                continue
            }
            do throws(Fault) {
                let bytes = try artifact.content.readAll()
                outcome.locations.append(.inline(base64: Data(bytes).base64EncodedString()))
                used += size
            } catch {
                outcome.locations.append(nil)
                outcome.failure = outcome.failure ?? Self.failure(error, artifact.name)
            }
        }
        return outcome
    }

    private static func failure(_ fault: Fault, _ name: String) -> StorageFailure {
        StorageFailure(
            code: "ReadFailed",
            message: "\(name): \(fault)",
            bucket: nil,
            key: nil,
            isTransient: false
        )
    }

    /// Of base64, all artifacts together.
    package static let mostBase64Bytes = 4_000_000
}
