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

    /// Takes over R, which is ready.
    init(
        _ process: ZygoteLaunch.Process,
        engine: Engine,
        folder: ZygoteFolder,
        oomEnforcement: Enforcement
    ) {
        pid = process.pid
        control = process.control
        isShielded = process.isShielded
        self.engine = engine
        self.folder = folder
        self.oomEnforcement = oomEnforcement
        initialResidentBytes = ProcessStatus.residentBytes(of: pid) ?? 0
        folder.seal()
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

    /// Calls the system; what fails is a fault of a worker's start, or of R's.
    static func system<Result>(
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
}
