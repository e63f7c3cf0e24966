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
    }

    private let target: FuzzTarget
    private let first: Int
    private let end: Int
    private let instant: ContinuousClock.Instant?
    private let findings = Mutex(Findings())

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
    func run(collecting: Bool) -> Findings {
        let walkers = ProcessInfo.processInfo.activeProcessorCount
        DispatchQueue.concurrentPerform(iterations: walkers) { walker in
            var count = 0
            var seed = first + walker
            while seed < end, instant.map({ ContinuousClock.now < $0 }) ?? true {
                step(seed, collecting)
                seed += walkers
                count += 1
            }
            let counted = count
            findings.withLock { $0.count += counted }
        }
        return findings.withLock { $0 }
    }

    private func step(_ seed: Int, _ collecting: Bool) {
        do {
            let kind = try target.check(target.input(seed: seed))
            guard collecting else { return }
            findings.withLock { findings in
                guard findings.kinds.count < Self.mostKinds else { return }
                findings.kinds[kind] = min(seed, findings.kinds[kind] ?? seed)
            }
        } catch {
            findings.withLock { $0.flaws.append(.init(seed: seed, what: "\(error)")) }
        }
    }

    private static let mostKinds = 100
}
