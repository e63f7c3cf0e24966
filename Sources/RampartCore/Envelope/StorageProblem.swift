/// Why artifacts were not stored, and how many: the envelope's `storage`.
package struct StorageProblem: Sendable, Hashable {
    package let failure: StorageFailure
    package let stored: Int
    package let failed: Int

    /// Nil where nothing failed.
    init?(_ outcome: StoreOutcome) {
        guard let failure = outcome.failure else { return nil }
        self.failure = failure
        stored = outcome.locations.count { $0 != nil }
        failed = outcome.locations.count - stored - outcome.leftOut.count
    }

    var json: JSONValue {
        [
            "code": .string(failure.code),
            "message": .string(failure.message),
            "bucket": JSONValue(failure.bucket),
            "key": JSONValue(failure.key),
            "stored": JSONValue(stored),
            "failed": JSONValue(failed),
        ]
    }
}
