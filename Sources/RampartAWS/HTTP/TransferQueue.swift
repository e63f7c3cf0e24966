/// Which transfers wait, which are under way, and what is to be done next.
struct TransferQueue {
    enum Step {
        case start(Int)
        /// Move what is under way, at most so long.
        case wait(milliseconds: Int)
        /// This one, which may be under way, is not to go on.
        case giveUp(Int, EasyHandle?, TransportError)
    }

    private struct Running {
        let index: Int
        let transfer: EasyHandle
        /// How far it had come at `since`, when it last moved.
        var mark: TransferMark
        var since: ContinuousClock.Instant
    }

    private var instant: ContinuousClock.Instant?
    private let stallBound: Duration?
    private var waiting: [(index: Int, due: ContinuousClock.Instant)]
    private var running: [Running] = []

    /// - Parameters:
    ///   - count: how many requests there are.
    ///   - stallBound: how long one may stand still; nil: forever.
    ///   - instant: when all that is left is given up; nil: never.
    init(count: Int, stallBound: Duration?, until instant: ContinuousClock.Instant?) {
        self.stallBound = stallBound
        self.instant = instant
        let now = ContinuousClock.now
        waiting = (0..<count).map { ($0, now) }
    }

    /// Decides what to do next.
    ///
    /// - Parameter width: the most transfers at one time.
    /// - Returns: the step; nil where all is settled.
    mutating func nextStep(atMost width: Int) -> Step? {
        let now = ContinuousClock.now
        if let instant, now >= instant { return giveUp() }
        if let stalled = takeStalled(at: now) { return stalled }
        if running.count < width, let next = waiting.firstIndex(where: { $0.due <= now }) {
            return .start(waiting.remove(at: next).index)
        }
        guard !running.isEmpty || !waiting.isEmpty else { return nil }
        let due = running.count < width ? waiting.map(\.due).min() : nil
        let look = stallBound != nil && !running.isEmpty ? now.advanced(by: Self.lookAgain) : nil
        let wake = [due, instant, look].compactMap(\.self).min()
        let pause = wake.map { now.duration(to: $0).wholeMilliseconds } ?? Self.longest
        return .wait(milliseconds: pause)
    }

    /// Whether ``hurry(until:)`` was called.
    private(set) var isHurried = false

    /// Gives up all that is left at that instant, if that is not to happen earlier.
    mutating func hurry(until sooner: ContinuousClock.Instant) {
        isHurried = true
        instant = instant.map { min($0, sooner) } ?? sooner
    }

    /// Notes that a transfer is under way.
    mutating func started(_ index: Int, as transfer: EasyHandle) {
        running.append(
            Running(index: index, transfer: transfer, mark: transfer.mark, since: .now)
        )
    }

    /// Notes that a transfer has ended, and returns its index.
    mutating func finished(_ transfer: EasyHandle) -> Int? {
        let place = running.firstIndex { $0.transfer === transfer }
        return place.map { running.remove(at: $0).index }
    }

    /// Puts a request that is to be sent again back in line; nil: it is settled.
    mutating func settled(_ index: Int, again due: ContinuousClock.Instant?) {
        if let due { waiting.append((index, due)) }
    }

    /// Takes out a transfer that has stood still for too long; nil where none has.
    private mutating func takeStalled(at now: ContinuousClock.Instant) -> Step? {
        guard let stallBound else { return nil }
        for place in running.indices {
            let mark = running[place].transfer.mark
            if mark != running[place].mark {
                running[place].mark = mark
                running[place].since = now
            }
        }
        let isStalled = { (one: Running) in one.since.duration(to: now) >= stallBound }
        guard let place = running.firstIndex(where: isStalled) else { return nil }
        let one = running.remove(at: place)
        let cause = TransportError(
            .stalled,
            "no byte moved for \(stallBound.wholeMilliseconds) ms",
            receivedAnything: one.transfer.progress.receivedAnything
        )
        return .giveUp(one.index, one.transfer, cause)
    }

    private mutating func giveUp() -> Step? {
        let reason =
            isHurried
            ? TransportError(.stopped, "the process was told to stop")
            : TransportError(.timedOut, "the time was up")
        if let one = running.popLast() { return .giveUp(one.index, one.transfer, reason) }
        return waiting.popLast().map { .giveUp($0.index, nil, reason) }
    }

    /// libcurl wakes earlier for whatever happens on a socket.
    private static let longest = 60_000
    /// What the kernel drains wakes nobody, so it is looked at this often.
    private static let lookAgain = Duration.milliseconds(250)
}
