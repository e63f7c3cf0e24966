import RampartCore

@testable import RampartRuntime

/// A store that remembers what it was to store, and answers as it is told.
final class RecordingStore: ArtifactStore {
    struct Call {
        let names: [String]
        let prefix: String
        let end: ContinuousClock.Instant
    }

    private(set) var calls: [Call] = []
    /// The failure that every artifact but the first meets; nil: all are stored.
    var failure: StorageFailure?

    func store(
        _ artifacts: [Artifact],
        under prefix: String,
        until instant: ContinuousClock.Instant
    ) -> StoreOutcome {
        calls.append(Call(names: artifacts.map(\.name), prefix: prefix, end: instant))
        let locations = artifacts.enumerated().map { index, artifact -> Location? in
            failure != nil && index > 0 ? nil : .path(prefix + artifact.name)
        }
        return StoreOutcome(locations: locations, failure: failure)
    }
}

/// Gives one store to every request, or refuses them all.
final class OneStore: StoreProvider {
    let store: any ArtifactStore
    var rejection: Rejection?
    private(set) var choices: [StoreChoice] = []

    init(_ store: any ArtifactStore) { self.store = store }

    func store(for choice: StoreChoice) throws(Rejection) -> any ArtifactStore {
        choices.append(choice)
        if let rejection { throw rejection }
        return store
    }
}

/// An input source that gives each object the bytes of its key, or fails.
final class KeyedInputs: InputSource {
    var failure: InputFailure?
    private(set) var wanted: [(object: S3Object, pointer: String)] = []
    private(set) var mostBytes: Int?
    private(set) var end: ContinuousClock.Instant?

    func fetch(
        _ objects: [(object: S3Object, pointer: String)],
        atMost limit: Int,
        until instant: ContinuousClock.Instant
    ) throws(InputFailure) -> [[UInt8]] {
        wanted += objects
        mostBytes = limit
        end = instant
        if let failure { throw failure }
        return objects.map { Array($0.object.key.utf8) }
    }
}
