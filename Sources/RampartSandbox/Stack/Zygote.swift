import CSandbox
import RampartCore
import Synchronization
import SystemPackage

/// R, preloaded and warmed up, which forks a worker for each run.
///
/// It holds no secret and is sent nothing of a request. What it says is checked: a message that is late
/// or malformed is a fault, after which this zygote is not used again. Any thread may call it: one speaks to R, the
/// others wait.
final class Zygote: Sendable {
    /// What R said of itself when it was ready.
    let engine: Engine
    let oomEnforcement: Enforcement

    let pid: Int32
    /// Whether it was started such that the kernel closes its memory to processes of its own user.
    let isShielded: Bool

    /// Its resident size when it was ready, in bytes.
    let initialResidentBytes: Int64

    private let control: OwnedDescriptor
    private let image: ProgramImage
    private let folder: ZygoteFolder
    private let state = Mutex(State())
    /// Held while a message and its answer are under way.
    private let exchange = Mutex(())

    private struct State {
        var isReaped = false
        var forks = 0
    }

    /// Takes over R, which is ready.
    init(
        _ process: ZygoteLaunch.Process,
        engine: Engine,
        folder: ZygoteFolder,
        oomEnforcement: Enforcement
    ) {
        pid = process.pid
        control = process.control
        image = ProgramImage(process.image)
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

    /// Whether no run has touched its folder.
    var isFolderUntouched: Bool { folder.isAsSealed }

    /// Whether no run has touched the file that it was started from.
    var isImageUntouched: Bool { image.isAsStarted }

    /// Whether it still runs, or at least is there: a stopped one shows only by not answering.
    var isAlive: Bool {
        state.withLock { state in
            if !state.isReaped { state.isReaped = SystemCalls.hasDied(pid) }
            return !state.isReaped
        }
    }

    /// How many workers it was asked to fork.
    var forks: Int { state.withLock { $0.forks } }

    /// Calls `body` while R does nothing.
    func whileIdle<Result: Sendable, Failure>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try exchange.withLock { (_) throws(Failure) in try body() }
    }

    /// Forks a worker, waiting until `end` at most for the zygote's answer; a spare makes its heap its own
    /// before it is in place.
    func fork(
        in scratch: ScratchDirectory,
        asSpare isSpare: Bool,
        tag: RunTag?,
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
        request.tag_pending_signals = tag?.pendingSignals ?? RAMPART_NO_TAG
        request.tag_locks = tag?.locks ?? RAMPART_NO_TAG
        WirePath.store(scratch.path, in: &request.scratch)
        state.withLock { $0.forks += 1 }
        let answer = try ask(
            request,
            with: [sockets.1, stdout.write, stderr.write, report.write],
            answer: rampart_forked(),
            RAMPART_FORKED,
            \.kind,
            until: end
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
        let answer = try ask(
            rampart_reap(kind: Int32(RAMPART_REAP.rawValue), pid: pid),
            answer: rampart_reaped(),
            RAMPART_REAPED,
            \.kind,
            until: Bound.zygoteAnswer.end()
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

    /// Sends a message and returns the answer to it.
    private func ask<Question: BitwiseCopyable, Answer: BitwiseCopyable & Sendable>(
        _ question: Question,
        with descriptors: [OwnedDescriptor] = [],
        answer: Answer,
        _ kind: rampart_message,
        _ kindOf: (Answer) -> Int32,
        until end: ContinuousClock.Instant
    ) throws(Fault) -> Answer {
        try exchange.withLock { (_) throws(Fault) in
            try send(question, with: descriptors)
            let left = ContinuousClock.now.duration(to: end)
            return try receive(answer, kind: kind, kindOf, within: left)
        }
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
                timeout: Bound.zygoteAnswer.duration
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
}
