import CSandbox
import RampartCore
import SystemPackage

/// R, preloaded and warmed up, which forks a worker for each run.
///
/// It holds no secret and is sent nothing of a request. What it says is checked: a message that is late
/// or malformed is a fault, after which this zygote is not used again.
final class Zygote {
    /// What R said of itself when it was ready.
    let engine: Engine
    let oomEnforcement: Enforcement

    let pid: Int32
    /// Whether it was started such that the kernel closes its memory to processes of its own user.
    let isShielded: Bool

    /// How many workers it was asked to fork.
    private(set) var forks = 0
    /// Its resident size when it was ready, in bytes.
    let initialResidentBytes: Int64

    private let control: OwnedDescriptor
    private let folder: ZygoteFolder
    private var isReaped = false

    /// Starts R, which has `folder` for itself, and waits until it is ready, at most until an instant.
    ///
    /// - Throws: a ``Fault`` that holds the end of what R printed, where it did not get ready.
    init(
        _ command: ZygoteCommand,
        in folder: ZygoteFolder,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        let started = try Self.start(command)
        self.folder = folder
        pid = started.pid
        control = started.control
        isShielded = started.isShielded
        do {
            engine = try Self.awaitReady(control, boot: BootLog(started.log), until: end)
        } catch {
            SystemCalls.killGroup(of: pid)
            throw Self.isMissingPackage(SystemCalls.reap(pid)) ? Self.missingPackage(error) : error
        }
        initialResidentBytes = ProcessStatus.residentBytes(of: pid) ?? 0
        folder.seal()
        oomEnforcement =
            ProcessStatus.oomScoreAdjustment(of: pid) == Self.oomScoreAdjustment
            ? .enforced : .unavailable("EACCES")
    }

    deinit {
        guard isAlive else { return }
        SystemCalls.killGroup(of: pid)
        SystemCalls.reap(pid)
    }

    /// The name of what it has of the host's own folder.
    var folderName: String { folder.name }

    /// Whether no run has touched that.
    var isFolderUntouched: Bool { folder.isAsSealed }

    /// Whether it still runs, or at least is there: a stopped one shows only by not answering.
    var isAlive: Bool {
        if !isReaped { isReaped = SystemCalls.hasDied(pid) }
        return !isReaped
    }

    /// Forks a worker, waiting until `end` at most for the zygote's answer; a spare makes its heap its own
    /// before it is in place.
    func fork(
        in scratch: ScratchDirectory,
        asSpare isSpare: Bool,
        brand: Brand,
        until end: ContinuousClock.Instant
    ) throws(Fault) -> Worker {
        let sockets = try Self.system("make a worker's socket", SystemCalls.socketPair)
        let stdout = try Self.system("make a pipe", SystemCalls.outputPipe)
        let stderr = try Self.system("make a pipe", SystemCalls.outputPipe)
        let report = try Self.system("make a pipe", SystemCalls.outputPipe)
        var request = rampart_fork()
        request.kind = Int32(RAMPART_FORK.rawValue)
        request.uid = scratch.user ?? 0
        request.gid = scratch.user ?? 0
        request.spare = isSpare ? 1 : 0
        request.brand = brand.wire
        WirePath.store(scratch.path, in: &request.scratch)
        forks += 1
        try send(request, with: [sockets.1, stdout.write, stderr.write, report.write])
        let answer = try receive(
            rampart_forked(),
            kind: RAMPART_FORKED,
            \.kind,
            within: ContinuousClock.now.duration(to: end)
        )
        guard answer.error == 0, answer.pid > 0 else {
            throw Fault(
                .workerStart,
                couldNot: "fork a worker",
                cause: "\(Errno(rawValue: answer.error))"
            )
        }
        return Worker(
            pid: answer.pid,
            socket: sockets.0,
            stdout: stdout.read,
            stderr: stderr.read,
            report: report.read,
            scratch: scratch
        )
    }

    /// Reaps a worker that is dead.
    func reap(_ pid: Int32) throws(Fault) -> WorkerExit {
        try send(rampart_reap(kind: Int32(RAMPART_REAP.rawValue), pid: pid))
        let answer = try receive(
            rampart_reaped(),
            kind: RAMPART_REAPED,
            \.kind,
            within: Self.reapBound
        )
        guard answer.error == 0, answer.pid == pid else {
            throw Fault(
                .zygoteGone,
                couldNot: "reap the worker",
                cause: "\(Errno(rawValue: answer.error))"
            )
        }
        return WorkerExit(
            status: WorkerExit.status(fromWait: answer.status),
            cpu: .microseconds(answer.user_us) + .microseconds(answer.system_us),
            maxResidentBytes: answer.max_rss_bytes
        )
    }

    private func send<Message: BitwiseCopyable>(
        _ message: Message,
        with descriptors: [OwnedDescriptor] = []
    ) throws(Fault) {
        do {
            try SystemCalls.send(
                message,
                over: control,
                with: descriptors,
                timeout: Self.reapBound
            )
        } catch {
            throw Fault(.zygoteGone, couldNot: "send a message to the zygote", cause: "\(error)")
        }
    }

    private func receive<Message: BitwiseCopyable>(
        _ empty: Message,
        kind: rampart_message,
        _ kindOf: (Message) -> Int32,
        within bound: Duration
    ) throws(Fault) -> Message {
        var message = empty
        do {
            guard try SystemCalls.receive(into: &message, from: control, timeout: bound)
            else {
                throw Fault(.zygoteGone, couldNot: "hear from the zygote", cause: "it is dead")
            }
        } catch let error as Errno {
            throw Fault(.zygoteGone, couldNot: "hear from the zygote", cause: "\(error)")
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(.internalError, couldNot: "hear from the zygote", cause: "\(error)")
        }
        guard kindOf(message) == Int32(kind.rawValue) else {
            throw Fault(
                .zygoteGone,
                couldNot: "hear from the zygote",
                cause: "its answer is of another kind"
            )
        }
        return message
    }

    /// R's process, just started.
    private struct Started {
        let pid: Int32
        let control: OwnedDescriptor
        let log: OwnedDescriptor
        let isShielded: Bool
    }

    /// Starts R's process.
    ///
    /// Its ends of the socket and the pipe are closed here when this returns, so that
    /// the host sees the end of both when R dies.
    private static func start(
        _ command: ZygoteCommand
    ) throws(Fault) -> Started {
        let (control, zygoteEnd) = try system("make a control socket", SystemCalls.socketPair)
        let log = try system("make a pipe", SystemCalls.outputPipe)
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
            return Started(pid: pid, control: control, log: log.read, isShielded: isShielded)
        } catch {
            let kind: Fault.Kind = isOfExecutable(error) ? .missingEngine : .zygoteStart
            throw Fault(kind, couldNot: "start \(command.executable)", cause: "\(error)")
        }
    }

    /// Whether the error is the file's, and not of a kernel that refuses a process.
    private static func isOfExecutable(_ error: Errno) -> Bool {
        [.noSuchFileOrDirectory, .permissionDenied, .execFormatError].contains(error)
    }

    private static func awaitReady(
        _ control: OwnedDescriptor,
        boot: BootLog,
        until end: ContinuousClock.Instant
    ) throws(Fault) -> Engine {
        let start = ContinuousClock.now
        while true {
            let ready: [Bool]
            do {
                let sources = [control] + boot.open
                ready = try SystemCalls.wait(for: sources, until: end, heedingStop: true)
            } catch {
                throw Fault(.zygoteStart, couldNot: "wait for R", cause: "\(error)")
            }
            guard !StopSignal.isRaised else {
                throw Fault(.zygoteStart, couldNot: "start R", cause: "the host was told to stop")
            }
            if ready.count > 1, ready[1] { boot.drain() }
            if ready[0] { return try readReady(control, boot: boot) }
            guard ContinuousClock.now < end else {
                throw Fault(
                    .zygoteStart,
                    couldNot: "start R",
                    cause: "it was not ready after \(start.duration(to: end).milliseconds) ms"
                )
            }
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

    private static func system<Result>(
        _ action: String,
        _ call: () throws(Errno) -> Result
    ) throws(Fault) -> Result {
        do {
            return try call()
        } catch {
            throw Fault(.workerStart, couldNot: action, cause: "\(error)")
        }
    }

    /// To reap a dead process takes no time; a zygote that needs longer is stopped or lost.
    private static let reapBound = Duration.seconds(1)
    /// The out-of-memory killer takes R long before the host, whose score stays 0.
    private static let oomScoreAdjustment: Int32 = 800
}
