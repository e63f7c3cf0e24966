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
        for artifact in artifacts {
            let size = (artifact.content.byteCount + 2) / 3 * 4
            guard used + size <= Self.mostBase64Bytes, let bytes = try? artifact.content.readAll()
            else {
                outcome.leftOut.add(artifact.name, because: .size)
                outcome.locations.append(nil)
                continue
            }
            used += size
            outcome.locations.append(.inline(base64: Data(bytes).base64EncodedString()))
        }
        return outcome
    }

    /// Of base64, all artifacts together.
    package static let mostBase64Bytes = 4_000_000
}
