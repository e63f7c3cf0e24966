package import RampartCore
import Synchronization
import SystemPackage

/// Runs scripts, as many at once as it has slots, on one ``Stack``.
///
/// Any number of threads may call it, if no more run scripts than there are slots.
package final class Pool: ScriptRunner {
    private let settings: Settings
    private let surroundings: Surroundings
    let stack: Stack
    private let slots: [Slot]
    private let runs = RunsUnderWay()
    private let state: Mutex<State>

    private struct State {
        var idle: [Slot]
        /// What the last worker has put on itself.
        var workerLayers: [Layer: Enforcement] = [:]
    }

    /// Starts R, and a first worker to see what confines it.
    ///
    /// - Parameters:
    ///   - engine: where R is.
    ///   - settings: the deployment's; `maxConcurrency` is the number of slots.
    ///   - library: the folder that the R package `rampart` is installed in.
    ///   - parent: where the host may write: `/tmp`.
    ///   - ownsEnvironment: whether the machine is Rampart's alone, as in Lambda: then connections are
    ///     counted, and what is new in `/tmp` is a run's.
    ///   - hostConnections: those that the host opens itself.
    ///   - renewal: when R is started again though nothing is wrong with it.
    /// - Throws: a ``Fault`` that says why R could not be started, or names a layer that is required and
    ///   does not hold.
    package init(
        engine: REngine,
        settings: Settings,
        library: String,
        parent: String,
        ownsEnvironment: Bool,
        hostConnections: (any ConnectionCount)? = nil,
        renewal: ZygoteRenewal = ZygoteRenewal()
    ) throws(Fault) {
        self.settings = settings
        let surroundings = try Surroundings(
            in: parent,
            ownsEnvironment: ownsEnvironment,
            hostConnections: hostConnections ?? NoConnections()
        )
        self.surroundings = surroundings
        stack = try Stack(in: surroundings, renewal: renewal) {
            ZygoteCommand(engine: engine, settings: settings, library: library, temporary: $0)
        }
        let tags = try Self.tags(settings.maxConcurrency)
        slots = (0..<settings.maxConcurrency).map {
            Slot($0, tag: tags?[$0], in: surroundings)
        }
        state = Mutex(State(idle: slots))
        try prepareFirstWorkers()
    }

    package var engine: Engine { stack.engine }

    /// Whether R is there and ready.
    package var isReady: Bool { stack.isReady }

    package var confinement: Confinement {
        ConfinementReport(
            worker: state.withLock { $0.workerLayers },
            stack: stack.enforcement,
            ownsEnvironment: surroundings.ownsEnvironment,
            hasTags: slots.allSatisfy { $0.tag != nil }
        ).confinement
    }

    package var installedPackages: [String: String] {
        InstalledPackages.list(in: engine.libraries).filter { $0.key != "rampart" }
    }

    package func run(
        _ job: Job,
        on schedule: Schedule,
        stop: any RunStop
    ) throws(Fault) -> RunRecord {
        let slot = try lease()
        defer { giveBack(slot) }
        try sweepShared(until: schedule.script)
        if slot.sharesUser {
            slot.removeUsed(until: Bound.removal.end(noLaterThan: schedule.script))
        }
        let ready = try slot.takeWorker(from: stack, until: schedule.script)
        note(ready.worker.layers)
        stack.noteSuccess()
        do {
            return try execute(job, on: schedule, stop: stop, with: ready, in: slot)
        } catch {
            stack.doubt(ready.zygote, after: error)
            throw error
        }
    }

    package func tidy(on schedule: Schedule) throws(Fault) {
        if let taint = runs.taint { throw taint }
        let deadline = schedule.tidying
        try sweepShared(until: deadline)
        let end = Bound.removal.end(noLaterThan: deadline)
        withIdleSlots { slot in slot.removeUsed(until: end) }
        surroundings.root.emptyAside(until: end)
        surroundings.sweep.emptyAside(until: end)
        stack.renew(before: deadline)
        do {
            guard try stack.start(until: deadline) != nil else { return }
            try prepareSpares(before: deadline)
            stack.noteSuccess()
        } catch {
            if let fault = stack.noteFailure(error) { throw fault }
        }
    }

    // MARK: - One run

    private func execute(
        _ job: Job,
        on schedule: Schedule,
        stop: any RunStop,
        with ready: ReadyWorker,
        in slot: Slot
    ) throws(Fault) -> RunRecord {
        runs.begin(in: slot.number, sharesUser: ready.worker.sharesUser)
        defer { runs.end(in: slot.number) }
        return try Run(
            ready: ready,
            job: job,
            schedule: schedule,
            stop: stop,
            surroundings: surroundings,
            clean: { watch, end throws(Fault) in
                try self.clean(after: ready, in: slot, watch, until: end)
            },
            processes: processes(for: ready.worker),
            confinement: confinement
        ).execute()
    }

    /// Removes what a run left, and sees whether all else is as it was.
    private func clean(
        after ready: ReadyWorker,
        in slot: Slot,
        _ watch: TaintWatch,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        let worker = ready.worker
        if let owner = slot.owner(of: worker) {
            try surroundings.sweep.endProcesses(
                of: owner,
                mayFork: worker.layers[.syscalls] != .enforced,
                // A zygote that is gone took its own socket along.
                mayHaveLeftSockets: !ready.zygote.isAlive || watch.sockets?.mayHaveLeft != false,
                until: end
            )
        }
        if let user = worker.scratch.user {
            try surroundings.sweep.removeLeavings(of: user, until: end)
        } else {
            try surroundings.refuseStopByRun()
            if !ready.zygote.isImageUntouched { stack.retire(ready.zygote) }
            try sweepShared(until: end, besides: slot)
        }
        do {
            try ready.zygote.whileIdle { () throws(Fault) in try watch.check() }
        } catch {
            // If nobody knows which run it was, each is answered, and none follows.
            let isBlamed = runs.taint(error, seenAfter: slot.number)
            if isBlamed { throw error }
        }
    }

    /// The most tasks that the worker's user may have: those that are there, and for each run the dozen threads
    /// that pango's font code may start.
    private func processes(for worker: Worker) -> Int {
        guard worker.sharesUser else { return 1 + Self.threadsPerRun }
        return ProcessStatus.tasks(of: SystemCalls.user)
            + (slots.count - 1) + slots.count * Self.threadsPerRun
    }

    /// Removes what runs that share the host's user left in folders that they share, if none is under way besides
    /// `slot`'s.
    private func sweepShared(
        until deadline: ContinuousClock.Instant?,
        besides slot: Slot? = nil
    ) throws(Fault) {
        try runs.paySweep(besides: slot?.number) { () throws(Fault) in
            do {
                try surroundings.root.sweep(until: Bound.leavings.end(noLaterThan: deadline))
            } catch {
                let action = "sweep the folder \(surroundings.root.path)"
                throw Fault(.tainted, couldNot: action, cause: "\(error)")
            }
            stack.retireIfTouched()
            try surroundings.sweep.removeSharedLeavings(
                until: Bound.leavings.end(noLaterThan: deadline)
            )
        }
    }

    // MARK: - Slots

    private func lease() throws(Fault) -> Slot {
        if let taint = runs.taint { throw taint }
        let slot = state.withLock { state in
            let best = state.idle.firstIndex(where: \.hasSpare) ?? state.idle.indices.last
            return best.map { state.idle.remove(at: $0) }
        }
        if let slot { return slot }
        let cause = "all \(slots.count) slots are taken, which is a defect of Rampart's"
        throw Fault(.internalError, couldNot: "find a place for the run", cause: cause)
    }

    private func giveBack(_ slot: Slot) { state.withLock { $0.idle.append(slot) } }

    private func note(_ layers: [Layer: Enforcement]) {
        state.withLock { $0.workerLayers = layers }
    }

    /// Calls `body` with each slot that is idle, one after the other, each leased meanwhile.
    private func withIdleSlots<Failure>(
        _ body: (Slot) throws(Failure) -> Void
    ) throws(Failure) {
        for slot in slots {
            let isIdle = state.withLock { state in
                guard let index = state.idle.firstIndex(where: { $0 === slot }) else {
                    return false
                }
                state.idle.remove(at: index)
                return true
            }
            guard isIdle else { continue }
            defer { giveBack(slot) }
            try body(slot)
        }
    }

    // MARK: - Workers ahead of their requests

    private func prepareFirstWorkers() throws(Fault) {
        try stack.start(until: nil)
        let slot = slots[0]
        note(try slot.prepareSpare(from: stack, isKept: settings.spares > 0))
        let confinement = confinement
        try confinement.require(settings.require)
        try SharedUserRule.check(confinement, settings)
        if settings.spares == 0 { slot.discardSpare() }
        try prepareSpares(before: nil)
    }

    private func prepareSpares(before deadline: ContinuousClock.Instant?) throws(Fault) {
        try withIdleSlots { slot throws(Fault) in
            slot.discardSpare(unlessOf: stack)
            guard slot.number < settings.spares,
                Schedule.hasTime(for: Schedule.leastForSpare, before: deadline)
            else { return }
            try slot.prepareSpare(from: stack)
        }
    }

    private static func tags(_ count: Int) throws(Fault) -> [RunTag]? {
        do {
            return try RunTag.make(count)
        } catch {
            throw Fault(.workerStart, couldNot: "choose tags for runs", cause: "\(error)")
        }
    }

    /// Threads that pango's font code may start, beside a worker's own.
    private static let threadsPerRun = 12
}
