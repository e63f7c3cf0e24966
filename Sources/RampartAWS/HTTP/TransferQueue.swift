/// Which transfers wait, which are under way, and what is to be done next.
struct TransferQueue {
    enum Step {
        case start(Int)
        /// Move what is under way, at most so long.
        case wait(milliseconds: Int)
        /// The time is up for this one, which may be under way.
        case giveUp(Int, EasyHandle?)
    }

    private var instant: ContinuousClock.Instant?
    private var waiting: [(index: Int, due: ContinuousClock.Instant)]
    private var running: [(index: Int, transfer: EasyHandle)] = []

    /// - Parameters:
    ///   - count: how many requests there are.
    ///   - instant: when all that is left is given up; nil: never.
    init(count: Int, until instant: ContinuousClock.Instant?) {
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
        if running.count < width, let next = waiting.firstIndex(where: { $0.due <= now }) {
            return .start(waiting.remove(at: next).index)
        }
        guard !running.isEmpty || !waiting.isEmpty else { return nil }
        let due = running.count < width ? waiting.map(\.due).min() : nil
        let wake = [due, instant].compactMap(\.self).min()
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
        running.append((index, transfer))
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

    private mutating func giveUp() -> Step? {
        if let (index, transfer) = running.popLast() { return .giveUp(index, transfer) }
        return waiting.popLast().map { .giveUp($0.index, nil) }
    }

    /// libcurl wakes earlier for whatever happens on a socket.
    private static let longest = 60_000
}
