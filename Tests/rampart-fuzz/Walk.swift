import Foundation
import RampartFuzz
import Synchronization

/// A walk from seed to seed, shared by all processors.
final class Walk: Sendable {
    /// What was found on the way.
    struct Findings: Sendable {
        struct Flaw: Sendable {
            let seed: Int
            let what: String
        }

        var count = 0
        var flaws: [Flaw] = []
        /// The first seed of each kind of input.
        var kinds: [String: Int] = [:]
        /// Whether too much memory was taken; once taken, it counts for all that follow.
        fileprivate var isHeavy = false
    }

    private let target: FuzzTarget
    private let first: Int
    private let end: Int
    private let instant: ContinuousClock.Instant?
    private let findings = Mutex(Findings())
    /// The most that the process took before.
    private let memory = Cost.peakMemory
    /// When each walker's step began.
    private let began = Mutex<[Int: ContinuousClock.Instant]>([:])

    /// Creates a walk from one seed to before another, or until an instant.
    init(
        _ target: FuzzTarget,
        from first: Int,
        to end: Int,
        until instant: ContinuousClock.Instant?
    ) {
        self.target = target
        self.first = first
        self.end = end
        self.instant = instant
    }

    /// Walks; `collecting` notes kinds of inputs too.
    ///
    /// It traps where a step does not end.
    func run(collecting: Bool, _ underWay: UnderWay) -> Findings {
        let timer = DispatchSource.makeTimerSource()
        timer.setEventHandler { [self] in trapIfStuck() }
        timer.schedule(deadline: .now(), repeating: .seconds(1))
        timer.resume()
        defer { timer.cancel() }
        let walkers = ProcessInfo.processInfo.activeProcessorCount
        DispatchQueue.concurrentPerform(iterations: walkers) { walker in
            guard let place = try? underWay.place(of: walker, at: target) else {
                fatalError("the file of steps cannot be written")
            }
            var count = 0
            var seed = first + walker
            while seed < end, instant.map({ ContinuousClock.now < $0 }) ?? true {
                try? place.note(target, seed)
                began.withLock { $0[walker] = .now }
                step(seed, collecting)
                seed += walkers
                count += 1
            }
            let counted = count
            findings.withLock { $0.count += counted }
            began.withLock { $0[walker] = nil }
        }
        return findings.withLock { $0 }
    }

    private func trapIfStuck() {
        let isStuck = began.withLock { began in
            began.values.contains { $0.duration(to: .now) > Self.mostTime }
        }
        if isStuck { fatalError("a step takes longer than \(Self.mostTime)") }
    }

    private func step(_ seed: Int, _ collecting: Bool) {
        let input = target.input(seed: seed)
        let time = Cost.threadTime
        defer { checkCost(of: seed, since: time) }
        do {
            let kind = try target.check(input)
            guard collecting else { return }
            findings.withLock { findings in
                guard findings.kinds.count < Self.mostKinds else { return }
                findings.kinds[kind] = min(seed, findings.kinds[kind] ?? seed)
            }
        } catch {
            findings.withLock { $0.flaws.append(.init(seed: seed, what: "\(error)")) }
        }
    }

    private func checkCost(of seed: Int, since start: Duration) {
        let time = Cost.threadTime - start
        // Of all walkers together: whose it was is not known.
        let grown = (Cost.peakMemory - memory) / ProcessInfo.processInfo.activeProcessorCount
        findings.withLock { findings in
            if time > Self.mostCPUTime {
                findings.flaws.append(.init(seed: seed, what: "it took \(time) of CPU time"))
            }
            if grown > Self.mostMemory, !findings.isHeavy {
                findings.isHeavy = true
                findings.flaws.append(
                    .init(seed: seed, what: "or one beside it took \(grown >> 20) MiB")
                )
            }
        }
    }

    /// The host's own bounds for a report are half a second and 64 MiB; a check decodes it twice, and its envelope.
    private static let mostCPUTime = Duration.seconds(4)
    private static let mostMemory = 192 << 20
    private static let mostKinds = 100
    /// A step takes less than a millisecond.
    private static let mostTime = Duration.seconds(20)
}
