/// When a request to a store is sent again: after what passes, with full jitter, while there is time.
package struct RetryPolicy: Sendable {
    /// The most times that one request is sent.
    var mostAttempts: Int
    /// The first wait is anything up to this; each later one up to twice the last.
    var base: Duration
    /// No wait is longer.
    var longest: Duration
    /// Draws from 0 to 1.
    var jitter: @Sendable () -> Double

    /// Creates a policy.
    package init(
        mostAttempts: Int = 8,
        base: Duration = .milliseconds(50),
        longest: Duration = .seconds(1),
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.mostAttempts = mostAttempts
        self.base = base
        self.longest = longest
        self.jitter = jitter
    }

    /// Decides when to send a request again.
    ///
    /// - Parameters:
    ///   - problem: what the last attempt met.
    ///   - attempts: how often it was sent so far.
    ///   - now: when that attempt ended.
    ///   - instant: by when all must be over.
    /// - Returns: when to; nil where it is not to be sent again.
    func nextAttempt(
        after problem: StoreProblem,
        attempts: Int,
        at now: ContinuousClock.Instant = .now,
        until instant: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        guard problem.isWorthRepeating, attempts < mostAttempts else { return nil }
        let doublings = min(attempts - 1, 20)
        let bound = min(longest, base * (1 << doublings))
        let due = now.advanced(by: bound * jitter())
        return due < instant ? due : nil
    }
}
