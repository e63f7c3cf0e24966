import RampartCore
import SystemPackage

/// One worker's life from its request to a typed record.
///
/// It knows neither stores nor transports. When ``execute()`` returns or throws, every process of the run is dead.
struct Run {
    let ready: ReadyWorker
    let job: Job
    let schedule: Schedule
    let stop: any RunStop
    let surroundings: Surroundings
    /// Removes what the run left, by an instant, and sees whether all else is as it was.
    let clean: (_ watch: TaintWatch, _ end: ContinuousClock.Instant) throws(Fault) -> Void
    /// The most tasks that the worker's user may have.
    let processes: Int
    let confinement: Confinement

    private var worker: Worker { ready.worker }

    /// Runs the script.
    ///
    /// - Throws: a ``Fault`` after which nobody knows how the script ended. If its kind is `tainted`, the
    ///   environment must not be used again.
    func execute() throws(Fault) -> RunRecord {
        let kills = ProcessStatus.outOfMemoryKills
        let start = ContinuousClock.now
        let budget = job.wallTime(from: start, until: schedule.script)
        guard budget > .zero else {
            ready.stop()
            throw Fault.noTimeLeft
        }
        let scriptEnd = start.advanced(by: budget)
        var watchdog = Watchdog(worker, for: job, until: scriptEnd, stop: stop)
        let end = schedule.collecting(after: scriptEnd)
        let (ending, exit) = try supervise(with: &watchdog, cleanBy: end)
        let over = ContinuousClock.now
        if ending == .itself, !watchdog.report.hasStarted { throw Self.fault(exit) }

        var collector = ArtifactCollector(worker.scratch, for: job, report: watchdog.report)
        collector.collect(until: end)
        let usage = usage(exit, watchdog, collector, ran: start.duration(to: over), since: over)
        let verdict = Verdict(
            status: exit.status,
            usage: usage,
            ending: ending,
            report: watchdog.report,
            stderr: watchdog.stderrText,
            limits: job.limits,
            budget: budget,
            outOfMemory: ProcessStatus.outOfMemoryKills > kills,
            line: worker.runningLine
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

    /// A worker that ended before its script began did so by a fault of its own, whatever status it left with.
    private static func fault(_ exit: WorkerExit) -> Fault {
        let end =
            switch exit.status {
            case .code(let code): "status \(code)"
            case .signal(let number): Signal.name(number)
            }
        return Fault(
            .workerStart,
            couldNot: "run the script",
            cause: "the worker ended with \(end) before the script began"
        )
    }

    private func usage(
        _ exit: WorkerExit,
        _ watchdog: Watchdog,
        _ collector: ArtifactCollector,
        ran: Duration,
        since over: ContinuousClock.Instant
    ) -> Usage {
        var usage = Usage()
        usage.tookSpare = ready.isSpare
        usage.cpu = max(.zero, exit.cpu - worker.initialCPU)
        usage.peakMemoryBytes = max(0, exit.maxResidentBytes - worker.initialResidentBytes)
        usage.bytesWritten = Int64(
            watchdog.stdoutText.bytes + watchdog.stderrText.bytes + collector.foundBytes
        )
        usage.phases.run = ran
        usage.phases.collect = over.duration(to: .now)
        return usage
    }

    /// Returns how the worker ended, once it and all that it started is dead, and all else as it was; that is so by
    /// `end`, or the environment is tainted.
    private func supervise(
        with watchdog: inout Watchdog,
        cleanBy end: ContinuousClock.Instant
    ) throws(Fault) -> (Verdict.Ending, WorkerExit) {
        let watch = surroundings.watch(
            over: ready,
            watchesConnections: confinement.layers[.network] == .watched
        )
        let ending: Verdict.Ending
        let exit: WorkerExit
        do {
            for input in job.inputs { try worker.scratch.write(input) }
            try worker.start(job, processes: processes, filesIn: surroundings.root.directory)
            ending = try watchdog.watch()
            exit = try ready.zygote.reap(worker.pid)
        } catch {
            ready.stop()
            // What the run did must not reach the next one, whatever became of the zygote.
            try clean(watch, end)
            throw error
        }
        try clean(watch, end)
        return (ending, exit)
    }
}
