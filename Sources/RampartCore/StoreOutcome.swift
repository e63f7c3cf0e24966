/// What became of a run's artifacts in the store.
package struct StoreOutcome: Sendable, Hashable {
    /// In the artifacts' order; nil where the store has not confirmed it.
    package var locations: [Location?]
    /// The first failure, where one or more artifacts were not stored.
    package var failure: StorageFailure?
    /// The artifacts that the store had no place for, by their index; their location is nil.
    package var leftOut: [Int: LeftOut.Reason]

    package init(
        locations: [Location?],
        failure: StorageFailure? = nil,
        leftOut: [Int: LeftOut.Reason] = [:]
    ) {
        self.locations = locations
        self.failure = failure
        self.leftOut = leftOut
    }
}

/// Why artifacts were not stored.
package struct StorageFailure: Sendable, Hashable {
    /// The store's own word, `AccessDenied`, or the transport's, `ConnectionFailed`.
    package let code: String
    /// A sentence that says what to do.
    package let message: String
    package let bucket: String?
    package let key: String?
    /// Whether it may pass: 5xx, SlowDown, resets, timeouts.
    package let isTransient: Bool

    package init(code: String, message: String, bucket: String?, key: String?, isTransient: Bool) {
        self.code = code
        self.message = message
        self.bucket = bucket
        self.key = key
        self.isTransient = isTransient
    }
}
