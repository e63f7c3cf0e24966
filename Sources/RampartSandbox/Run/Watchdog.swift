import RampartCore
import SystemPackage

/// The host's one wait: until a worker is dead, or a bound ends it.
///
/// Meanwhile its output and its report are read, so that it never waits for the host.
struct Watchdog {
    /// How often a worker is looked at where the kernel refuses pidfds.
    static let tick = Duration.milliseconds(10)

    private let worker: Worker
    private let job: Job
    private let end: ContinuousClock.Instant
    private let stop: any RunStop
    private var stdout: BoundedOutput
    private var stderr: BoundedOutput
    private var reportPipe: BoundedOutput
    private var decoder = ReportDecoder()
    private(set) var report = Report()
    private(set) var transcript: Transcript?

    /// - Parameters:
    ///   - worker: what is watched.
    ///   - job: its script's limits.
    ///   - end: when its time is up.
    ///   - stop: asks for its end before.
    init(
        _ worker: Worker,
        for job: Job,
        until end: ContinuousClock.Instant,
        stop: any RunStop = ProcessStop()
    ) {
        self.stop = stop
        self.worker = worker
        self.job = job
        self.end = end
        stdout = BoundedOutput(worker.stdout, cap: job.limits.textKB << 10)
        stderr = BoundedOutput(worker.stderr, cap: job.limits.textKB << 10)
        reportPipe = BoundedOutput(worker.report, cap: 0)
        transcript = job.transcript ? Transcript() : nil
    }

    var stdoutText: CapturedText { stdout.text }
    var stderrText: CapturedText { stderr.text }

    /// Waits, and returns who ended the worker.
    ///
    /// It is dead then, and all it said has been read.
    mutating func watch() throws(Fault) -> Verdict.Ending {
        let ending = try awaitEnding()
        try worker.kill()
        readAll()
        return ending
    }

    private mutating func awaitEnding() throws(Fault) -> Verdict.Ending {
        while true {
            let now = ContinuousClock.now
            if let reason = stop.reason { return .stopped(reason) }
            if now >= end { return .watchdog(.wall) }
            if stdout.total + stderr.total > job.limits.outputMB << 20 { return .watchdog(.output) }
            let watched = [worker.death, stdout.open, stderr.open, reportPipe.open].compactMap(
                \.self
            )
            let wake = worker.death == nil ? min(end, now.advanced(by: Self.tick)) : end
            do {
                let ready = try SystemCalls.wait(for: watched, until: wake, stop: stop.descriptor)
                if worker.death != nil, ready[0] { return .itself }
            } catch {
                throw Fault(.internalError, couldNot: "wait for the worker", cause: "\(error)")
            }
            if worker.death == nil, worker.isDead { return .itself }
            readOnce(until: end)
        }
    }

    /// Reads a piece of each stream, and takes what it can of it until an instant.
    ///
    /// The report comes last, and in a transcript only after the output
    /// before it: the worker waits for its frame to be acknowledged.
    private mutating func readOnce(until bound: ContinuousClock.Instant) {
        takeOutput(fully: transcript != nil, until: bound)
        guard let bytes = reportPipe.read() else { return }
        takeOutput(fully: transcript != nil, until: bound)
        decoder.take(bytes)
        takeFrames(until: bound)
    }

    private mutating func takeFrames(until bound: ContinuousClock.Instant) {
        while ContinuousClock.now < bound, let frame = decoder.next() {
            report.take(frame)
            transcript?.take(frame)
            // The worker waits for none after its first frame, and would take this for a later one's.
            if transcript != nil, frame != .start { worker.acknowledge() }
        }
    }

    private mutating func takeOutput(fully: Bool, until bound: ContinuousClock.Instant) {
        repeat {
            let out = stdout.read()
            let err = stderr.read()
            if let out { transcript?.take(out, from: .stdout) }
            if let err { transcript?.take(err, from: .stderr) }
            if out == nil, err == nil { return }
        } while fully && stdout.total + stderr.total <= job.limits.outputMB << 20
            && ContinuousClock.now < bound
    }

    /// Takes what a dead worker left in its pipes: no more than they hold.
    private mutating func readAll() {
        // What was printed and reported before the end counts, though it is only now that it is read.
        let bound = max(end, Bound.lastWords.end())
        takeFrames(until: bound)
        for _ in 0..<Self.mostReads where !(stdout.isOver && stderr.isOver && reportPipe.isOver) {
            let before = stdout.total + stderr.total + reportPipe.total
            readOnce(until: bound)
            let isIdle = stdout.total + stderr.total + reportPipe.total == before
            if isIdle || ContinuousClock.now >= bound { return }
        }
    }

    /// A stray that holds a pipe open cannot make the host read for ever.
    private static let mostReads = 64
}
