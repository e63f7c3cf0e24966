import RampartCore
import SystemPackage

/// A place for one run at a time: what tells its processes, at most one worker that was forked ahead, and what is
/// still to be removed of its runs.
///
/// Only who has leased it from the ``Pool`` may call it.
// SAFETY: the pool hands it to one thread at a time, through a lock.
final class Slot: @unchecked Sendable {
    let number: Int
    /// Nil if no tag lies below the host's own limits.
    let tag: RunTag?
    private let surroundings: Surroundings
    private var spare: ReadyWorker?
    /// The scratch directories of runs whose artifacts may not be stored yet.
    private var used: [ScratchDirectory] = []

    init(_ number: Int, tag: RunTag?, in surroundings: Surroundings) {
        self.number = number
        self.tag = tag
        self.surroundings = surroundings
    }

    deinit { discardSpare() }

    /// Whether a worker is ready for the next run.
    var hasSpare: Bool { spare != nil }

    /// Whether runs have left what is still to be removed.
    var hasDebts: Bool { !used.isEmpty }

    /// Whether its runs are the host's own user, who could read what an earlier one left.
    var sharesUser: Bool { used.contains { $0.user == nil } }

    /// Returns a worker for one run, the spare if there is one and it is well.
    func takeWorker(
        from stack: Stack,
        until deadline: ContinuousClock.Instant?
    ) throws(Fault) -> ReadyWorker {
        let spare = takeSpare(of: stack)
        let ready =
            if let spare { spare } else {
                try prepareWorker(asSpare: false, from: stack, until: deadline)
            }
        used.append(ready.worker.scratch)
        return ready
    }

    /// Forks a worker ahead of its request, if there is none, and returns what it has put on itself.
    ///
    /// - Parameters:
    ///   - stack: what it is forked from.
    ///   - isKept: whether it waits for a run, and so makes its heap its own.
    /// - Returns: its layers.
    /// - Throws: a ``Fault`` if no worker could be made ready.
    @discardableResult
    func prepareSpare(
        from stack: Stack,
        isKept: Bool = true
    ) throws(Fault) -> [Layer: Enforcement] {
        if let spare { return spare.worker.layers }
        let ready = try prepareWorker(asSpare: isKept, from: stack, until: nil)
        spare = ready
        return ready.worker.layers
    }

    /// Lets go of the spare if its zygote is not the stack's any more.
    func discardSpare(unlessOf stack: Stack) {
        if let spare, !stack.isCurrent(spare.zygote) { discardSpare() }
    }

    /// Ends the spare, if there is one.
    func discardSpare() {
        if let spare { discard(spare) }
        spare = nil
    }

    /// Removes the scratch directories of runs that are over, or moves them aside.
    func removeUsed(until end: ContinuousClock.Instant) {
        used = used.filter { !surroundings.root.remove($0, until: end) }
    }

    /// Whose processes those of its runs are.
    func owner(of worker: Worker) -> RunProcesses.Owner? {
        if let user = worker.scratch.user { return .user(user) }
        return tag.map { .tag($0) }
    }

    /// Returns the spare, if it and its scratch directory are well and no run has touched its zygote.
    private func takeSpare(of stack: Stack) -> ReadyWorker? {
        defer { spare = nil }
        guard let spare else { return nil }
        if spare.isWell, stack.isCurrent(spare.zygote) { return spare }
        discard(spare)
        return nil
    }

    /// Forks a worker and waits until it is in place.
    private func prepareWorker(
        asSpare isSpare: Bool,
        from stack: Stack,
        until deadline: ContinuousClock.Instant?
    ) throws(Fault) -> ReadyWorker {
        let zygote = try stack.zygote(until: deadline)
        // The zygote is not to be doubted for what the deadline broke off.
        guard Schedule.hasTime(for: Schedule.leastForForking, before: deadline) else {
            throw Fault.noTimeLeft
        }
        let end = Bound.workerPreparation.end(noLaterThan: deadline)
        let scratch = try surroundings.root.makeScratch(for: surroundings.users.claim())
        let worker: Worker
        do {
            worker = try zygote.fork(in: scratch, asSpare: isSpare, tag: tag, until: end)
        } catch {
            forget(scratch)
            stack.doubt(zygote, after: error)
            throw error
        }
        let ready = ReadyWorker(worker: worker, zygote: zygote, isSpare: isSpare)
        do {
            try worker.awaitPrepared(until: end)
            try Self.checkUser(of: worker)
        } catch {
            discard(ready)
            if let owner = owner(of: worker) {
                try surroundings.sweep.endProcesses(
                    of: owner,
                    mayFork: false,
                    mayHaveLeftSockets: false,
                    until: Bound.workerPreparation.end()
                )
            }
            stack.doubt(zygote, after: error)
            throw error
        }
        return ready
    }

    private static func checkUser(of worker: Worker) throws(Fault) {
        guard worker.scratch.user != nil, case .unavailable(let errno)? = worker.layers[.user]
        else { return }
        let cause = """
            \(errno): root needs the capabilities SETUID and SETGID for it; give them, or run Rampart as \
            another user
            """
        throw Fault(.workerStart, couldNot: "become a user of the run's own", cause: cause)
    }

    /// Ends a worker that is not needed, and removes its scratch directory.
    private func discard(_ ready: ReadyWorker) {
        ready.stop()
        forget(ready.worker.scratch)
    }

    private func forget(_ scratch: ScratchDirectory) {
        if !surroundings.root.remove(scratch, until: Bound.removal.end()) { used.append(scratch) }
    }
}
