/// The instants by which the steps of one invocation must be over, all derived from its deadline.
///
/// It is made once, when the invocation arrives. Nothing else turns a deadline into an instant. What a step may
/// take at most, with or without a deadline, is a ``Bound``.
package struct Schedule: Sendable, Hashable {
    /// When the invocation arrived.
    package let arrival: ContinuousClock.Instant
    /// When the platform gives the invocation up; nil if it never does.
    package let deadline: ContinuousClock.Instant?
    private let reserve: Duration

    /// - Parameters:
    ///   - deadline: the platform's; nil if there is none.
    ///   - reserve: the setting `RAMPART_RESERVE_MS`: what is held back from the deadline after the script.
    ///   - arrival: when the invocation arrived.
    package init(
        deadline: Deadline? = nil,
        reserve: Duration = Schedule.defaultReserve,
        arrival: ContinuousClock.Instant = .now
    ) {
        self.arrival = arrival
        self.deadline = deadline?.instant
        self.reserve = reserve
    }

    /// A schedule that leaves the script `budget` from now on, and as much again as is usual for the rest.
    package init(budget: Duration, reserve: Duration = Schedule.defaultReserve) {
        let now = ContinuousClock.now
        self.init(
            deadline: Deadline(at: now.advanced(by: budget + reserve)),
            reserve: reserve,
            arrival: now
        )
    }

    /// R must be ready, and the script over; nil if only the script's own limits count.
    package var script: ContinuousClock.Instant? { deadline?.advanced(by: .zero - reserve) }

    /// Inputs must be there.
    package func inputs(from now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        script ?? Bound.transfer.end(from: now)
    }

    /// What the run left must be cleaned up, and its artifacts collected.
    ///
    /// - Parameter scriptEnd: when the script's own time is up.
    /// - Returns: the instant.
    package func collecting(
        after scriptEnd: ContinuousClock.Instant
    ) -> ContinuousClock.Instant {
        (script ?? Bound.workerPreparation.end(from: scriptEnd)).advanced(by: reserve / 2)
    }

    /// Artifacts must be stored.
    ///
    /// A store gets ``leastStoring`` even if the script has used up all but the reserve.
    package func storing(from now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        guard let deadline else { return Bound.transfer.end(from: now) }
        return max(
            deadline.advanced(by: .zero - Self.heldBackFromStoring),
            now.advanced(by: Self.leastStoring)
        )
    }

    /// The answer must be encoded and signed, in half of what storing left; nil without a deadline.
    package var encoding: ContinuousClock.Instant? {
        deadline?.advanced(by: .zero - (Self.heldBackFromStoring + Self.heldBackFromTidying) / 2)
    }

    /// The answer must be posted, and cleaning up and preparing the next worker must be over, so that the call
    /// that ends the invocation is in time.
    package var tidying: ContinuousClock.Instant? {
        deadline?.advanced(by: .zero - Self.heldBackFromTidying)
    }

    /// Whether there is time for a step before an instant; always, if there is no instant.
    package static func hasTime(
        for step: Duration,
        before instant: ContinuousClock.Instant?
    ) -> Bool {
        instant.map { .now + step < $0 } ?? true
    }

    /// The default of `RAMPART_RESERVE_MS`.
    package static let defaultReserve = Duration.milliseconds(1500)
    /// A fork on demand is not begun with less time than this left.
    package static let leastForForking = Duration.milliseconds(100)
    /// A spare, whose heap is copied, is not begun with less time than this left.
    package static let leastForSpare = Duration.milliseconds(500)
    /// R is renewed only if this many times its last start is left: that start may have had more of a processor.
    package static let startsForRenewal = 4
    private static let leastStoring = Duration.milliseconds(100)
    private static let heldBackFromStoring = Duration.milliseconds(700)
    private static let heldBackFromTidying = Duration.milliseconds(200)
}

extension Schedule {
    /// The rows of the table in `docs/architecture.md`: a step, and when it must be over.
    package static var table: [(step: String, end: String)] {
        let storing = heldBackFromStoring.milliseconds
        let tidying = heldBackFromTidying.milliseconds
        return [
            ("inputs", "the deadline less the reserve"),
            ("R's start, if this invocation waits for it", "the deadline less the reserve"),
            ("the script", "the deadline less the reserve, or its own limit if that comes first"),
            ("cleaning up after the script, collecting", "half of the reserve later"),
            (
                "storing",
                "the deadline less \(storing) ms; at least \(leastStoring.milliseconds) ms are given"
            ),
            ("encoding", "the deadline less \((storing + tidying) / 2) ms"),
            ("answering, tidying, the next R's start", "the deadline less \(tidying) ms"),
        ]
    }
}
