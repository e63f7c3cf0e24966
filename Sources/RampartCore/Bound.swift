/// The longest that a step may take, whatever the invocation's deadline allows.
///
/// ``Schedule`` is the other half: it says when a step must be over. `docs/architecture.md` has both tables.
package enum Bound: String, CaseIterable, Sendable {
    /// From R's start until its packages are loaded and it says that it is ready.
    case engineStart = "R starts"
    /// From a fork until the worker is confined; a spare also copies its heap.
    case workerPreparation = "a worker gets ready"
    /// One message to the zygote and its answer; it only forks or reaps.
    case zygoteAnswer = "the zygote answers"
    /// What was killed gives back hundreds of megabytes before it is dead.
    case death = "a killed process dies"
    /// Files that a run left outside its scratch directory, before its answer.
    case leavings = "a run's files elsewhere are removed"
    /// Old scratch directories, after an answer; what is left is moved aside and waits for the next time.
    case removal = "scratch directories are removed"
    /// What runs of an earlier life of the environment left, at the start: Lambda gives the start ten seconds.
    case earlierLife = "leftovers of an earlier host are removed"
    /// The host's own folder, when the host ends.
    case farewell = "the host's folder is removed"
    /// All inputs from S3, or all artifacts to it, when no deadline says less.
    case transfer = "inputs or artifacts are transferred"
    /// The doctor's probes, when no deadline says less.
    case selfTest = "the doctor's probes run"
    /// What a worker left in its pipes is read after its death.
    case lastWords = "a dead worker's output is read"

    package var duration: Duration {
        switch self {
        case .engineStart: .seconds(60)
        case .workerPreparation: .seconds(5)
        case .zygoteAnswer: .seconds(1)
        case .death: .seconds(2)
        case .leavings: .seconds(1)
        case .removal: .milliseconds(400)
        case .earlierLife: .seconds(4)
        case .farewell: .seconds(2)
        case .transfer: .seconds(30)
        case .selfTest: .seconds(60)
        case .lastWords: .milliseconds(250)
        }
    }

    /// The instant at which the step has taken that long; or `limit`, if that comes first.
    package func end(
        from now: ContinuousClock.Instant = .now,
        noLaterThan limit: ContinuousClock.Instant? = nil
    ) -> ContinuousClock.Instant {
        let end = now.advanced(by: duration)
        return limit.map { min($0, end) } ?? end
    }
}
