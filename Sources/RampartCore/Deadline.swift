/// The instant by which Lambda must have this invocation's answer.
///
/// Lambda sends it as wall-clock milliseconds. It is turned into a monotonic instant once, where
/// it arrives, so that a stepped clock can neither cut a run short nor let it overrun.
package struct Deadline: Sendable, Hashable {
    package let instant: ContinuousClock.Instant

    package init(at instant: ContinuousClock.Instant) { self.instant = instant }

    /// Reads Lambda's deadline.
    ///
    /// - Parameters:
    ///   - milliseconds: since 1970, as the header `Lambda-Runtime-Deadline-Ms` says.
    ///   - wallClock: milliseconds since 1970, now.
    ///   - now: the same instant on the monotonic clock.
    package init(
        unixMilliseconds milliseconds: Int64,
        wallClock: Int64,
        at now: ContinuousClock.Instant = .now
    ) {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(wallClock)
        let remaining = overflow ? 0 : max(0, min(difference, Self.longest))
        instant = now.advanced(by: .milliseconds(remaining))
    }

    /// Returns the time R may use, holding `reserve` back for the upload and the answer; zero if
    /// there is none.
    package func budget(
        reserving reserve: Duration,
        at now: ContinuousClock.Instant = .now
    ) -> Duration {
        max(.zero, now.duration(to: instant) - reserve)
    }

    /// Lambda's longest timeout is 15 minutes; what lies a day ahead is a broken clock.
    private static let longest: Int64 = 86_400_000
}
