package import RampartCore
import SystemPackage

/// Runs scripts: one zygote, and of it one worker for each run.
package final class Sandbox: ScriptRunner {
    /// How R is started, with what temporary folder.
    private let command: (_ temporary: String) -> ZygoteCommand
    private let settings: Settings
    private let root: ScratchRoot
    private var sweep: Sweep
    private let ownsEnvironment: Bool
    private let renewal: ZygoteRenewal
    private let brand: Brand
    private let host = TaintWatch.Subject("host", SystemCalls.processID, isIdle: false)
    private(set) var zygote: Zygote?
    private var users = RunUsers()
    /// A worker that was forked ahead of its request.
    private var spare: Worker?
    /// The scratch directories of runs whose artifacts may not be stored yet.
    private var used: [ScratchDirectory] = []
    /// Whether a run shared the host's user, and what it left in the host's own folder may be there still.
    private var owesSweep = false
    /// How many times since a run began none could be made ready.
    private var failedStarts = 0
    /// R on its way, where it was not ready by the last deadline.
    private var launch: ZygoteLaunch?
    /// How long R took to start.
    private var startTime = Duration.zero
    private var shield = Enforcement.off
    /// Whether the host can look at a process that is not dumpable: some machines hide even its user.
    private var seesShielded = true
    private var workerLayers: [Layer: Enforcement] = [:]

    package private(set) var engine = Engine()

    /// Starts R, and a first worker to see what confines it.
    ///
    /// - Parameters:
    ///   - engine: where R is.
    ///   - settings: the deployment's.
    ///   - library: the folder that the R package `rampart` is installed in.
    ///   - parent: where the host may write: `/tmp`.
    ///   - ownsEnvironment: whether the machine is Rampart's alone, as in Lambda: then connections are
    ///     counted, and what is new in `/tmp` is a run's.
    ///   - renewal: when R is started anew though nothing is wrong with it.
    /// - Throws: a ``Fault`` that says why R could not be started, or names a layer that is required and
    ///   does not hold.
    package init(
        engine: REngine,
        settings: Settings,
        library: String,
        parent: String,
        ownsEnvironment: Bool,
        renewal: ZygoteRenewal = ZygoteRenewal()
    ) throws(Fault) {
        self.renewal = renewal
        self.settings = settings
        self.ownsEnvironment = ownsEnvironment
        root = try ScratchRoot(in: parent)
        sweep = try Sweep(sparing: root, ownsEnvironment: ownsEnvironment)
        do {
            brand = try Brand(isAlone: Self.isAlone(ownsEnvironment))
        } catch {
            throw Fault(.workerStart, couldNot: "choose a brand", cause: "\(error)")
        }
        command = {
            ZygoteCommand(engine: engine, settings: settings, library: library, temporary: $0)
        }
        if Self.isAlone(ownsEnvironment) { try sweep.endEarlierLife(sparing: own(nil)) }
        let first = try prepareWorker(asSpare: settings.spare, until: nil)
        try confinement.require(settings.require)
        if settings.spare { spare = first } else { discard(first) }
    }

    deinit { if let spare { discard(spare) } }

    package var confinement: Confinement {
        var layers = workerLayers
        layers[.shield] = shield
        // The zygote's environment is made from nothing, and is sent no event.
        layers[.environment] = .enforced
        layers[.oom] = zygote?.oomEnforcement ?? .off
        // As the host's own user, on a machine that is not Rampart's alone, what is new need not be a run's;
        // unless no run can write outside its scratch directory.
        let tellsLeavings =
            ownsEnvironment || layers[.user] == .enforced || layers[.files] == .enforced
        layers[.sweep] = tellsLeavings ? .enforced : .off
        if layers[.user] != .enforced, brand.limit == nil {
            // No limit of pending signals lies below the host's own, by which strays could be told.
            layers[.sweep] = .unavailable("ERANGE")
        }
        if !seesShielded { layers[.sweep] = .unavailable("EPERM") }
        layers[.network] =
            layers[.syscalls] == .enforced ? .enforced : ownsEnvironment ? .watched : .off
        return Confinement(layers)
    }

    package var installedPackages: [String: String] {
        InstalledPackages.list(in: engine.libraries).filter { $0.key != "rampart" }
    }

    package func run(_ job: Job) throws(Fault) -> RunRecord {
        let deadline = job.budget.map { ContinuousClock.now.advanced(by: $0) }
        do throws(Fault) {
            if owesSweep { try forgetRuns(until: deadline) }
            guard !owesSweep else { throw Fault.noTimeLeft }
            let spare = takeSpare()
            let worker =
                if let spare { spare } else {
                    try prepareWorker(asSpare: false, until: deadline)
                }
            used.append(worker.scratch)
            failedStarts = 0
            return try run(job, in: worker, isSpare: spare != nil, until: deadline)
        } catch {
            doubtZygote(after: error)
            throw error
        }
    }

    package func tidy(until deadline: ContinuousClock.Instant?) throws(Fault) {
        let deadline = deadline?.advanced(by: .zero - Self.tidyReserve)
        try forgetRuns(until: deadline)
        if let zygote, isRenewalDue(for: zygote, before: deadline) { retireZygote() }
        do {
            if zygote?.isAlive != true {
                retireZygote()
                guard try startZygote(until: deadline) != nil else { return }
            }
            if settings.spare, spare == nil, Self.isAhead(Self.spareTime, of: deadline) {
                spare = try prepareWorker(asSpare: true, until: nil)
            }
            failedStarts = 0
        } catch {
            // On a full disk R is not started anew, for it could not be.
            if error.kind != .scratch { zygote = nil }
            failedStarts += 1
            guard failedStarts < Self.mostFailedStarts else {
                let cause = "it failed \(failedStarts) times in a row; the last time: \(error)"
                throw Fault(.tainted, couldNot: "start R anew", cause: cause)
            }
        }
    }

    /// Whether R is to be started anew though nothing is wrong with it, and no caller will have to wait for that;
    /// the last start may have had more of a processor than this one will.
    private func isRenewalDue(
        for zygote: Zygote,
        before deadline: ContinuousClock.Instant?
    ) -> Bool {
        if renewal.isOverdue(for: zygote) { return true }
        return renewal.isDue(for: zygote) && Self.isAhead(startTime * 4, of: deadline)
    }

    /// Removes all that the runs so far have left in the host's own folder, before there is another.
    ///
    /// Of half a million files the rest is for the next time; where the next run could read it, before that.
    private func forgetRuns(until deadline: ContinuousClock.Instant?) throws(Fault) {
        owesSweep = owesSweep || used.contains { $0.user == nil }
        let end = Self.earlier(.now + Self.removalBound, deadline)
        used = used.filter { !$0.remove(until: end) }
        guard owesSweep else { return }
        used = []
        do {
            let end = Self.earlier(.now + Self.sharedRemovalBound, deadline)
            try root.sweep(sparing: live, until: end)
            owesSweep = false
        } catch {
            if error == .timedOut, let deadline, .now >= deadline { return }
            throw Fault(.tainted, couldNot: "sweep the folder \(root.path)", cause: "\(error)")
        }
        if zygote?.isFolderUntouched == false { retireZygote() }
    }

    /// The names of what is in use in the host's own folder.
    private var live: Set<String> {
        let scratch = used + (spare.map { [$0.scratch] } ?? [])
        let folders = [zygote?.folderName, launch?.folderName].compactMap(\.self)
        return Set(scratch.map(\.name) + folders)
    }

    private func run(
        _ job: Job,
        in worker: Worker,
        isSpare: Bool,
        until deadline: ContinuousClock.Instant?
    ) throws(Fault) -> RunRecord {
        let kills = ProcessStatus.outOfMemoryKills
        let start = ContinuousClock.now
        let budget = job.wallTime(from: start, until: deadline)
        guard budget > .zero else {
            stop(worker)
            throw Fault.noTimeLeft
        }
        var watchdog = Watchdog(worker, for: job, until: start.advanced(by: budget))
        // Half of what is held back from the deadline; the rest is the store's.
        let end = (deadline ?? start + budget + Self.prepareBound) + settings.reserve / 2
        let (ending, exit) = try supervise(worker, job, with: &watchdog, cleanBy: end)
        let over = ContinuousClock.now

        var collector = ArtifactCollector(worker.scratch, for: job, report: watchdog.report)
        collector.collect(until: end)
        var usage = Usage()
        usage.tookSpare = isSpare
        usage.cpu = max(.zero, exit.cpu - worker.initialCPU)
        usage.peakMemoryBytes = max(0, exit.maxResidentBytes - worker.initialResidentBytes)
        usage.bytesWritten = Int64(
            watchdog.stdoutText.bytes + watchdog.stderrText.bytes + collector.foundBytes
        )
        usage.phases.run = start.duration(to: over)
        usage.phases.collect = over.duration(to: .now)
        let verdict = Verdict(
            status: exit.status,
            usage: usage,
            ending: ending,
            report: watchdog.report,
            stderr: watchdog.stderrText,
            limits: job.limits,
            budget: budget,
            outOfMemory: ProcessStatus.outOfMemoryKills > kills
        )
        return RunRecord(
            outcome: verdict.outcome,
            report: watchdog.report,
            transcript: watchdog.transcript,
            stdout: watchdog.stdoutText,
            stderr: watchdog.stderrText,
            artifacts: collector.artifacts,
            leftOut: collector.leftOut,
            usage: usage,
            confinement: confinement
        )
    }

    /// Returns how a worker ended, once it and all that it started is dead, and all else as it was; that is so by
    /// `end`, or the environment is tainted.
    private func supervise(
        _ worker: Worker,
        _ job: Job,
        with watchdog: inout Watchdog,
        cleanBy end: ContinuousClock.Instant
    ) throws(Fault) -> (Verdict.Ending, WorkerExit) {
        guard let zygote else {
            throw Fault(.zygoteGone, couldNot: "run the script", cause: "the zygote is gone")
        }
        let own = own(zygote)
        let taint = TaintWatch(
            host: host,
            zygote: own.zygote,
            sharesUser: worker.scratch.user == nil,
            ownsEnvironment: confinement.layers[.network] == .watched
        )
        let ending: Verdict.Ending
        let exit: WorkerExit
        do {
            for input in job.inputs { try worker.scratch.write(input) }
            try worker.start(job, processes: processes(of: worker), filesIn: root.directory)
            ending = try watchdog.watch()
            exit = try zygote.reap(worker.pid)
        } catch {
            doubtZygote(after: error)
            stop(worker)
            // What the run did must not reach the next one, whatever became of the zygote.
            try clean(after: worker, sparing: own, taint, until: end)
            throw error
        }
        try clean(after: worker, sparing: own, taint, until: end)
        return (ending, exit)
    }

    /// Removes what a run left, and sees to it that all else is as it was.
    private func clean(
        after worker: Worker,
        sparing own: RunProcesses.Own,
        _ taint: TaintWatch,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        try sweep.run(
            after: worker.scratch.user,
            mayFork: worker.layers[.syscalls] != .enforced,
            sparing: own,
            and: live,
            until: end
        )
        try taint.check()
    }

    /// Lets go of the zygote that does not answer as it should: it is not asked again.
    private func doubtZygote(after fault: Fault) {
        if Self.concernsZygote.contains(fault.kind) { zygote = nil }
    }

    /// Lets go of the zygote and of what it forked; the next one is started where it is needed.
    private func retireZygote() {
        if let spare { discard(spare) }
        spare = nil
        zygote = nil
    }

    /// Returns the spare, if it is there and alive, and so is its scratch directory.
    private func takeSpare() -> Worker? {
        defer { spare = nil }
        guard let spare else { return nil }
        if zygote?.isAlive == true, !spare.isDead, spare.scratch.isThere { return spare }
        discard(spare)
        return nil
    }

    /// Forks a worker and waits until it is in place.
    private func prepareWorker(
        asSpare isSpare: Bool,
        until deadline: ContinuousClock.Instant?
    ) throws(Fault) -> Worker {
        let zygote = try liveZygote(until: deadline)
        // It is not to be doubted for what the deadline broke off.
        guard Self.isAhead(Self.forkTime, of: deadline) else { throw Fault.noTimeLeft }
        let end = Self.earlier(.now + Self.prepareBound, deadline)
        let scratch = try root.makeScratch(for: users.claim())
        let worker: Worker
        do {
            worker = try zygote.fork(in: scratch, asSpare: isSpare, brand: brand, until: end)
        } catch {
            if !scratch.remove(until: .now + Self.removalBound) { used.append(scratch) }
            throw error
        }
        do {
            try worker.awaitPrepared(until: end)
        } catch {
            discard(worker)
            try sweep.run(
                after: scratch.user,
                mayFork: false,
                sparing: own(zygote),
                and: live,
                until: .now + Self.prepareBound
            )
            throw error
        }
        workerLayers = worker.layers
        if scratch.user != nil, case .unavailable(let errno)? = worker.layers[.user] {
            discard(worker)
            let cause = """
                \(errno): root needs the capabilities SETUID and SETGID for it; give them, or run Rampart as \
                another user
                """
            throw Fault(.workerStart, couldNot: "become a user of the run's own", cause: cause)
        }
        return worker
    }

    /// The processes that are no run's.
    private func own(_ zygote: Zygote?) -> RunProcesses.Own {
        RunProcesses.Own(
            host: SystemCalls.processID,
            zygote: zygote?.pid ?? 0,
            brand: brand,
            isAlone: Self.isAlone(ownsEnvironment)
        )
    }

    /// Whether nobody but this host and its runs is the host's user, as in Lambda.
    ///
    /// As root, runs are others.
    private static func isAlone(_ ownsEnvironment: Bool) -> Bool {
        ownsEnvironment && SystemCalls.user != 0
    }

    /// Ends a worker that is not to be trusted; its scratch directory is removed after the answer.
    private func stop(_ worker: Worker) {
        try? worker.kill()
        _ = try? zygote?.reap(worker.pid)
    }

    /// Ends a worker that is not needed, and removes its scratch directory.
    private func discard(_ worker: Worker) {
        stop(worker)
        if !worker.scratch.remove(until: .now + Self.removalBound) { used.append(worker.scratch) }
    }

    /// Returns the zygote, started anew where the last one is gone.
    private func liveZygote(until deadline: ContinuousClock.Instant?) throws(Fault) -> Zygote {
        if let zygote, zygote.isAlive { return zygote }
        zygote = nil
        guard let started = try startZygote(until: deadline) else {
            let cause = "it is not ready yet, and the next invocation waits on: try again"
            throw Fault(.zygoteStart, couldNot: "start R", cause: cause)
        }
        return started
    }

    /// Starts R where it is not on its way; nil where it is not ready by the deadline.
    private func startZygote(until deadline: ContinuousClock.Instant?) throws(Fault) -> Zygote? {
        let launch = if let launch { launch } else { try launchZygote() }
        self.launch = nil
        guard let started = try launch.awaitReady(until: deadline ?? .now + Self.startBound) else {
            self.launch = launch
            return nil
        }
        startTime = launch.waited
        zygote = started
        engine = started.engine
        shield = ShieldCheck.enforcement(zygote: started, user: try users.claim()?.id)
        seesShielded = (try? ProcessStatus.users(of: started.pid))?.isEmpty == false
        return started
    }

    private func launchZygote() throws(Fault) -> ZygoteLaunch {
        try root.remake()
        let folder = try root.makeZygoteFolder()
        return try ZygoteLaunch(command(folder.path), in: folder)
    }

    /// The most tasks that the worker's user may have: those that are there, and the dozen threads that
    /// pango's font code may start.
    private func processes(of worker: Worker) -> Int {
        let others = worker.scratch.user == nil ? ProcessStatus.tasks(of: SystemCalls.user) : 1
        return others + 12
    }

    /// Whether so much time is left before the deadline.
    private static func isAhead(
        _ duration: Duration,
        of deadline: ContinuousClock.Instant?
    ) -> Bool {
        deadline.map { .now + duration < $0 } ?? true
    }

    /// The bound, or the deadline where that comes before.
    private static func earlier(
        _ bound: ContinuousClock.Instant,
        _ deadline: ContinuousClock.Instant?
    ) -> ContinuousClock.Instant {
        deadline.map { min($0, bound) } ?? bound
    }

    private static let concernsZygote: Set<Fault.Kind> = [.zygoteGone, .workerStart]
    /// A fork takes milliseconds, and what a spare does besides a fraction of a second.
    private static let prepareBound = Duration.seconds(5)
    /// What is held back from the deadline for the call that ends the invocation.
    private static let tidyReserve = Duration.milliseconds(200)
    /// A worker is not begun later, and a spare, whose heap is copied.
    private static let forkTime = Duration.milliseconds(100)
    private static let spareTime = Duration.milliseconds(500)
    /// Longer than a launch waits by itself.
    private static let startBound = Duration.seconds(120)
    private static let removalBound = Duration.seconds(2)
    private static let sharedRemovalBound = Duration.seconds(20)
    private static let mostFailedStarts = 3
}
