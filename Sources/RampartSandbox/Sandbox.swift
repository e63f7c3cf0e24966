package import RampartCore
import SystemPackage

/// Runs scripts: one zygote, and of it one worker for each run.
package final class Sandbox: ScriptRunner {
    private let command: ZygoteCommand
    private let settings: Settings
    private let root: ScratchRoot
    private var zygote: Zygote?
    private var users = RunUsers()
    /// The scratch directory of the last run, until its artifacts are stored.
    private var used: [ScratchDirectory] = []
    private var lastLayers: [Layer: Enforcement] = [:]

    package private(set) var engine = Engine()

    /// Starts R.
    ///
    /// - Parameters:
    ///   - engine: where R is.
    ///   - settings: the deployment's.
    ///   - library: the folder that the R package `rampart` is installed in.
    ///   - parent: where the host may write: `/tmp`.
    /// - Throws: a ``Fault`` that says why R could not be started.
    package init(
        engine: REngine,
        settings: Settings,
        library: String,
        parent: String
    ) throws(Fault) {
        self.settings = settings
        root = try ScratchRoot(in: parent)
        command = ZygoteCommand(
            engine: engine,
            settings: settings,
            library: library,
            temporary: root.zygoteDirectory
        )
        _ = try liveZygote()
    }

    package var confinement: Confinement {
        var layers = lastLayers
        // The zygote's environment is made from nothing, and is sent no event.
        layers[.environment] = .enforced
        layers[.oom] = zygote?.oomEnforcement ?? .off
        return Confinement(layers)
    }

    package func run(_ job: Job) throws(Fault) -> RunRecord {
        let start = ContinuousClock.now
        let zygote = try liveZygote()
        let scratch = try root.makeScratch(for: users.next())
        used.append(scratch)
        do {
            let worker = try zygote.fork(in: scratch)
            return try run(job, in: worker, of: zygote, until: start.advanced(by: job.budget))
        } catch {
            // A zygote that was in a faulty run is not trusted with the next.
            self.zygote = nil
            throw error
        }
    }

    package func tidy() {
        for scratch in used { try? scratch.remove() }
        used = []
    }

    private func run(
        _ job: Job,
        in worker: Worker,
        of zygote: Zygote,
        until end: ContinuousClock.Instant
    ) throws(Fault) -> RunRecord {
        let kills = ProcessStatus.outOfMemoryKills
        var isReaped = false
        defer { if !isReaped { try? worker.kill() } }
        try worker.awaitPrepared(within: Self.prepareBound)
        lastLayers = worker.layers
        for input in job.inputs { try worker.scratch.write(input) }

        let start = ContinuousClock.now
        try worker.start(job, processes: Self.processes, filesIn: root.directory)
        var watchdog = Watchdog(worker, for: job, until: end)
        let ending = try watchdog.watch()
        let exit = try zygote.reap(worker.pid)
        isReaped = true
        let over = ContinuousClock.now

        var collector = ArtifactCollector(worker.scratch, for: job, report: watchdog.report)
        collector.collect()
        var usage = Usage()
        usage.cpu = exit.cpu
        usage.peakMemoryBytes = max(0, exit.maxResidentBytes - worker.initialResidentBytes)
        usage.phases.run = start.duration(to: over)
        usage.phases.collect = over.duration(to: .now)
        let verdict = Verdict(
            exit: exit,
            ending: ending,
            report: watchdog.report,
            limits: job.limits,
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

    /// Returns the zygote, started anew where the last one is gone.
    private func liveZygote() throws(Fault) -> Zygote {
        if let zygote { return zygote }
        let started = try Zygote(command)
        zygote = started
        engine = started.engine
        return started
    }

    private static let prepareBound = Duration.seconds(5)
    /// A worker and the dozen threads that pango's font code may start.
    private static let processes = 13
}
