import RampartCore
import Synchronization
import SystemPackage

/// One R: where it is, how its zygote is started and renewed, and what it said of itself.
///
/// It knows nothing of requests. Any thread may call it: one starts R, and the others wait for that as long as
/// they have time.
final class Stack: Sendable {
    private let command: @Sendable (_ temporary: String) -> ZygoteCommand
    private let surroundings: Surroundings
    private let renewal: ZygoteRenewal
    /// Whoever starts R is inside.
    private let starting: Gate
    private let state = Mutex(State())

    private struct State {
        var zygote: Zygote?
        /// R on its way, if it was not ready by the last deadline.
        var launch: ZygoteLaunch?
        /// How long R took to start.
        var startTime = Duration.zero
        var engine = Engine()
        var shield = Enforcement.off
        /// Whether the host can look at a process that is not dumpable: some machines hide even its user.
        var seesShielded = true
        /// How many times in a row R, or a worker of it, could not be made ready.
        var failedStarts = 0
    }

    /// - Parameters:
    ///   - surroundings: where its zygotes have their folders.
    ///   - renewal: when R is started again though nothing is wrong with it.
    ///   - command: how R is started, with what temporary folder.
    /// - Throws: a ``Fault`` if the kernel refuses a pipe.
    init(
        in surroundings: Surroundings,
        renewal: ZygoteRenewal,
        command: @escaping @Sendable (_ temporary: String) -> ZygoteCommand
    ) throws(Fault) {
        self.command = command
        self.surroundings = surroundings
        self.renewal = renewal
        do {
            starting = try Gate()
        } catch {
            throw Fault(.workerStart, couldNot: "make a pipe", cause: "\(error)")
        }
    }

    /// What R said of itself when it was ready last.
    var engine: Engine { state.withLock { $0.engine } }

    /// What is known of the zygote's confinement.
    var enforcement: (shield: Enforcement, oom: Enforcement, seesShielded: Bool) {
        state.withLock {
            ($0.shield, $0.zygote?.oomEnforcement ?? .off, $0.seesShielded)
        }
    }

    /// Whether workers are forked from this zygote.
    func isCurrent(_ zygote: Zygote) -> Bool { state.withLock { $0.zygote === zygote } }

    /// Whether R is there and ready.
    var isReady: Bool { state.withLock { $0.zygote }?.isAlive == true }

    /// Returns the zygote, started again if the last one is gone.
    ///
    /// - Throws: a ``Fault`` of kind `zygoteStart` if it is not ready by the deadline; the start goes on.
    func zygote(until deadline: ContinuousClock.Instant?) throws(Fault) -> Zygote {
        if let zygote = current { return zygote }
        guard let zygote = try start(until: deadline) else {
            let cause = "it is not ready yet, and the next invocation waits on: try again"
            throw Fault(.zygoteStart, couldNot: "start R", cause: cause)
        }
        return zygote
    }

    /// Starts R if it is not there, as far as that is done by the deadline.
    ///
    /// - Returns: nil if it is not ready by then.
    @discardableResult
    func start(until deadline: ContinuousClock.Instant?) throws(Fault) -> Zygote? {
        let end = deadline ?? .now + Bound.engineStart.duration * 2
        let started = try starting.enter(until: end, stop: StopSignal.descriptor) {
            () throws(Fault) -> Zygote? in
            // Another thread may have started it meanwhile.
            if let zygote = current { return zygote }
            return try launch(until: end)
        }
        if started == nil, StopSignal.isRaised { throw Self.stopped }
        return started ?? nil
    }

    /// Lets go of a zygote that has forked or grown enough, if there is time to start another, or it has twice
    /// that.
    func renew(before deadline: ContinuousClock.Instant?) {
        guard let zygote = current else { return }
        let startTime = state.withLock { $0.startTime }
        let hasTime = Schedule.hasTime(for: startTime * Schedule.startsForRenewal, before: deadline)
        if renewal.isOverdue(for: zygote) || (hasTime && renewal.isDue(for: zygote)) {
            retire(zygote)
        }
    }

    /// Lets go of a zygote: it dies with the last of its workers.
    func retire(_ zygote: Zygote) {
        state.withLock { if $0.zygote === zygote { $0.zygote = nil } }
    }

    /// Lets go of the zygote if a run has touched what it has of the host's folder.
    func retireIfTouched() {
        if let zygote = current, !zygote.isFolderUntouched { retire(zygote) }
    }

    /// Lets go of a zygote that does not answer as it should: it is not asked again.
    func doubt(_ zygote: Zygote, after fault: Fault) {
        if Self.concernsZygote.contains(fault.kind) { retire(zygote) }
    }

    /// Notes that R could not be made ready.
    ///
    /// - Returns: the fault after which it is not tried again, if it failed too often in a row.
    func noteFailure(_ fault: Fault) -> Fault? {
        let count = state.withLock {
            $0.failedStarts += 1
            // On a full disk R cannot be started again.
            if fault.kind != .scratch { $0.zygote = nil }
            return $0.failedStarts
        }
        guard count >= Self.mostFailedStarts else { return nil }
        let cause = "it failed \(count) times in a row; the last time: \(fault)"
        return Fault(.tainted, couldNot: "start R again", cause: cause)
    }

    /// Notes that R, and a worker, are well.
    func noteSuccess() { state.withLock { $0.failedStarts = 0 } }

    /// The zygote, if it is there and alive.
    var current: Zygote? {
        let zygote = state.withLock { $0.zygote }
        guard let zygote, !zygote.isAlive else { return zygote }
        retire(zygote)
        return nil
    }

    private func launch(until end: ContinuousClock.Instant) throws(Fault) -> Zygote? {
        let pending = state.withLock { state in
            defer { state.launch = nil }
            return state.launch
        }
        let launch = if let pending { pending } else { try makeLaunch() }
        guard let zygote = try launch.awaitReady(until: end) else {
            state.withLock { $0.launch = launch }
            return nil
        }
        let shield = ShieldCheck.enforcement(
            zygote: zygote,
            user: try surroundings.users.claim()?.id
        )
        let seesShielded = (try? ProcessStatus.users(of: zygote.pid))?.isEmpty == false
        state.withLock {
            $0.zygote = zygote
            $0.startTime = launch.waited
            $0.engine = zygote.engine
            $0.shield = shield
            $0.seesShielded = seesShielded
        }
        return zygote
    }

    private func makeLaunch() throws(Fault) -> ZygoteLaunch {
        let folder = try surroundings.root.makeZygoteFolder()
        return try ZygoteLaunch(command(folder.path), in: folder)
    }

    private static let stopped = Fault(
        .zygoteStart,
        couldNot: "start R",
        cause: "the host was told to stop"
    )
    private static let concernsZygote: Set<Fault.Kind> = [.zygoteGone, .workerStart]
    private static let mostFailedStarts = 3
}
