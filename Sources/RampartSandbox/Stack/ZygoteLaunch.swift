import CSandbox
import RampartCore
import SystemPackage

/// R on its way from its start until it is ready, which may take longer than one invocation has.
// SAFETY: the stack hands it to one thread at a time, through a lock.
final class ZygoteLaunch: @unchecked Sendable {
    /// How long R has been waited for.
    ///
    /// While an environment is frozen between invocations, R is too.
    private(set) var waited = Duration.zero
    private let process: Process
    private let folder: ZygoteFolder
    private let boot: BootLog
    /// How long it is waited for at most.
    private let bound: Duration
    private var isOver = false

    /// Starts R, which has `folder` for itself.
    init(_ command: ZygoteCommand, in folder: ZygoteFolder) throws(Fault) {
        self.folder = folder
        process = try Self.start(command)
        boot = BootLog(process.log)
        bound = Bound.engineStart.duration
    }

    deinit { if !isOver { stop() } }

    /// Waits, and returns the zygote; nil where R is not ready by an instant, and may be asked again.
    ///
    /// - Throws: a ``Fault`` that holds the end of what R printed, where it does not get ready: then it is gone.
    func awaitReady(until instant: ContinuousClock.Instant) throws(Fault) -> Zygote? {
        let start = ContinuousClock.now
        defer { waited += start.duration(to: .now) }
        do {
            let end = start.advanced(by: bound - waited)
            guard let engine = try awaitEngine(until: instant, orFailAt: end) else { return nil }
            isOver = true
            return Zygote(
                process,
                engine: engine,
                folder: folder,
                oomEnforcement: ProcessStatus.oomScoreAdjustment(of: process.pid)
                    == Self.oomScoreAdjustment ? .enforced : .unavailable("EACCES")
            )
        } catch {
            throw Self.isMissingPackage(stop()) ? Self.missingPackage(error) : error
        }
    }

    @discardableResult
    private func stop() -> WorkerExit.Status {
        isOver = true
        SystemCalls.killGroup(of: process.pid)
        return SystemCalls.reap(process.pid)
    }

    /// R's process.
    struct Process {
        let pid: Int32
        let control: OwnedDescriptor
        let log: OwnedDescriptor
        let image: OwnedDescriptor
        let isShielded: Bool
    }

    /// Starts R's process.
    ///
    /// Its ends of the socket and the pipe are closed here when this returns, so that
    /// the host sees the end of both when R dies.
    private static func start(
        _ command: ZygoteCommand
    ) throws(Fault) -> Process {
        let (control, zygoteEnd) = try Zygote.system(
            "make a control socket",
            SystemCalls.socketPair
        )
        let log = try Zygote.system("make a pipe", SystemCalls.outputPipe)
        do {
            let (image, isShielded) = try SystemCalls.openImage(command.executable)
            let pid = try SystemCalls.spawn(
                image,
                arguments: command.arguments,
                environment: command.environment,
                control: zygoteEnd,
                output: log.write,
                oomScoreAdjustment: oomScoreAdjustment
            )
            return Process(
                pid: pid,
                control: control,
                log: log.read,
                image: image,
                isShielded: isShielded
            )
        } catch {
            let kind: Fault.Kind = isOfExecutable(error) ? .missingEngine : .zygoteStart
            throw Fault(kind, couldNot: "start \(command.executable)", cause: "\(error)")
        }
    }

    /// Whether the error is the file's, and not of a kernel that refuses a process.
    private static func isOfExecutable(_ error: Errno) -> Bool {
        [.noSuchFileOrDirectory, .permissionDenied, .execFormatError].contains(error)
    }

    /// Returns what R says of itself when it is ready; nil where it is not by an instant.
    private func awaitEngine(
        until instant: ContinuousClock.Instant,
        orFailAt end: ContinuousClock.Instant
    ) throws(Fault) -> Engine? {
        let control = process.control
        while true {
            let ready: [Bool]
            do {
                let sources = [control] + boot.open
                ready = try SystemCalls.wait(
                    for: sources,
                    until: min(instant, end),
                    stop: StopSignal.descriptor
                )
            } catch {
                throw Fault(.zygoteStart, couldNot: "wait for R", cause: "\(error)")
            }
            guard !StopSignal.isRaised else {
                throw Fault(.zygoteStart, couldNot: "start R", cause: "the host was told to stop")
            }
            if ready.count > 1, ready[1] { boot.drain() }
            if ready[0] { return try Self.readReady(control, boot: boot) }
            guard ContinuousClock.now < end else {
                throw Fault(
                    .zygoteStart,
                    couldNot: "start R",
                    cause: "it was not ready after \(bound)"
                )
            }
            if ContinuousClock.now >= instant { return nil }
        }
    }

    /// Whether R left because a package of `RAMPART_PRELOAD` is not there; see `zygote.R`.
    private static func isMissingPackage(_ status: WorkerExit.Status) -> Bool { status == .code(3) }

    private static func missingPackage(_ fault: Fault) -> Fault {
        let action = "load the packages of RAMPART_PRELOAD"
        return Fault(.invalidConfiguration, couldNot: action, cause: fault.cause)
    }

    private static func readReady(_ control: OwnedDescriptor, boot: BootLog) throws(Fault) -> Engine
    {
        let message =
            (try? SystemCalls.receive(upTo: MemoryLayout<rampart_ready>.size, from: control)) ?? []
        guard !message.isEmpty else {
            boot.drain()
            throw Fault(.zygoteStart, couldNot: "start R", cause: boot.lastWords)
        }
        guard let ready = WireReady(message) else {
            let cause = "its package rampart is of another version: build and install both anew"
            throw Fault(.zygoteStart, couldNot: "start R", cause: cause)
        }
        guard ready.threads == 1 else {
            let cause = "it has \(ready.threads) threads, of which a fork would lose all but one"
            throw Fault(.zygoteStart, couldNot: "start R", cause: cause)
        }
        return Engine(told: (try? JSONValue(parsing: ready.engine)) ?? .null)
    }

    /// The out-of-memory killer takes R long before the host, whose score stays 0.
    private static let oomScoreAdjustment: Int32 = 800
}
