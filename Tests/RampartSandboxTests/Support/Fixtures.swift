import Foundation
import RampartCore
import SystemPackage

@testable import RampartSandbox

/// A folder of a test's own, which is removed with all in it when the test lets go of it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = "/tmp/rampart-tests-\(UUID().uuidString)"
        try SystemCalls.makeDirectory(path, mode: 0o711)
    }

    deinit {
        if let directory = try? SystemCalls.openDirectory(path) {
            try? SystemCalls.empty(directory, until: .now + .seconds(60))
        }
        try? SystemCalls.removeDirectory(path)
    }

    /// Opens it.
    func open() throws -> OwnedDescriptor { try SystemCalls.openDirectory(path) }

    /// Writes a file below it, in folders that are made.
    func write(_ text: String, to name: String) throws {
        let file = "\(path)/\(name)"
        try SystemCalls.makeFolders(above: file)
        try SystemCalls.write(Array(text.utf8), toNewFile: file, mode: 0o600)
    }

    /// Runs perl in it: what it makes, no shell word or path length is in the way of.
    func perl(_ code: String) throws { try Program.run("/usr/bin/perl", ["-e", code], in: path) }
}

extension ScratchDirectory {
    /// Makes a scratch directory for the test's own user.
    static func make(in folder: TemporaryFolder) throws -> ScratchDirectory {
        try ScratchDirectory(at: "\(folder.path)/run", user: nil)
    }
}

extension Pool {
    /// Starts a pool that is quick to be ready.
    ///
    /// - Parameters:
    ///   - folder: where the host writes.
    ///   - library: where `rampart/zygote.R` is, if it is not the package's own.
    ///   - renewal: when R is replaced.
    ///   - change: changes settings.
    /// - Returns: the pool, its zygote ready.
    /// - Throws: a ``Fault`` where R does not start.
    static func make(
        in folder: TemporaryFolder,
        library: String = Pool.library,
        renewal: ZygoteRenewal = ZygoteRenewal(),
        _ change: (inout Settings) -> Void = { _ in }
    ) throws -> Pool {
        var settings = Settings()
        settings.preload = []
        settings.warmUp = false
        settings.require = []
        change(&settings)
        return try Pool(
            engine: try REngine(home: nil, path: "/usr/local/bin:/usr/bin:/bin"),
            settings: settings,
            library: library,
            parent: folder.path,
            ownsEnvironment: false,
            renewal: renewal
        )
    }

    /// The zygote, if it is there and alive.
    var zygote: Zygote? { stack.current }

    /// Runs a job that may take so long.
    func run(_ job: Job, budget: Duration = .seconds(60)) throws(Fault) -> RunRecord {
        try run(job, on: Schedule(budget: budget), stop: ProcessStop())
    }

    /// Tidies up, as far as that is done by the deadline.
    func tidy(until deadline: ContinuousClock.Instant?) throws(Fault) {
        try tidy(on: Schedule(deadline: deadline.map { Deadline(at: $0) }))
    }

    /// Kills R, and returns when it is dead.
    func killZygote() {
        guard let zygote else { return }
        SystemCalls.kill(zygote.pid)
        while zygote.isAlive { sched_yield() }
    }

    /// Where `make build-debug` installs the R package.
    static let library: String =
        ProcessInfo.processInfo.environment["RAMPART_TEST_LIBRARY"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".build/debug/r-library").path
}

extension Job {
    /// Makes a job of a script.
    static func make(
        _ code: String = "1",
        inputs: [File] = [],
        limits: Limits = Limits(),
        transcript: Bool = false,
        chart: ChartOptions = ChartOptions(),
        seed: Int32? = nil
    ) -> Job {
        let request = RunRequest(code: code, chart: chart, transcript: transcript, seed: seed)
        return Job(request, inputs: inputs, limits: limits)
    }
}

extension Limits {
    /// Makes limits, some of them changed.
    static func make(_ change: (inout Limits) -> Void) -> Limits {
        var limits = Limits()
        change(&limits)
        return limits
    }
}

extension OwnedDescriptor {
    /// Writes bytes.
    func write(_ bytes: [UInt8]) throws { try descriptor.writeAll(bytes) }

    /// Waits for more, or for the end.
    ///
    /// - Throws: `Errno.timedOut` where neither comes: somebody holds the other end who should not.
    func awaitMore() throws {
        guard try SystemCalls.wait(for: [self], until: .now + .seconds(30)) == [true] else {
            throw Errno.timedOut
        }
    }

    /// Reads to the end.
    func readToEnd() throws -> String {
        var bytes: [UInt8] = []
        while true {
            switch try SystemCalls.read(self, upTo: 4096) {
            case .bytes(let read): bytes += read
            case .nothingYet: try awaitMore()
            case .end: return String(decoding: bytes, as: UTF8.self)
            }
        }
    }
}

/// A program that a test starts beside itself, and ends when it lets go of it.
///
/// Foundation's own class waits for a program's grandchildren too, and has it ignore SIGTERM.
final class Program {
    /// What it printed as its first line, where that is a number: a pid, by custom its own.
    let pid: Int32
    private let own: Int32
    private var isReaped = false

    /// Starts a program and waits until it has printed a pid.
    init(_ path: String, _ arguments: [String]) throws {
        let output: OwnedDescriptor
        (own, output) = try Self.spawn(path, arguments, in: "/")
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            switch try SystemCalls.read(output, upTo: 1) {
            case .bytes(let bytes): line += bytes
            case .nothingYet: try output.awaitMore()
            case .end: line.append(UInt8(ascii: "\n"))
            }
        }
        pid = Int32(String(decoding: line.dropLast(), as: UTF8.self)) ?? 0
        guard pid > 0 else {
            throw Fault(.internalError, couldNot: "start \(path)", cause: "it printed no pid")
        }
    }

    deinit {
        guard !hasDied else { return }
        SystemCalls.killGroup(of: own)
        SystemCalls.reap(own)
    }

    /// Whether it has died.
    var hasDied: Bool {
        if !isReaped { isReaped = SystemCalls.hasDied(own) }
        return isReaped
    }

    /// Runs a program to its end, in a folder.
    static func run(_ path: String, _ arguments: [String], in folder: String = "/") throws {
        let (pid, output) = try spawn(path, arguments, in: folder)
        let said = try output.readToEnd()
        let status = SystemCalls.reap(pid)
        guard status == .code(0) else {
            throw Fault(.internalError, couldNot: "run \(path)", cause: "\(status): \(said)")
        }
    }

    private static func spawn(
        _ path: String,
        _ arguments: [String],
        in folder: String
    ) throws -> (pid: Int32, output: OwnedDescriptor) {
        let control = try SystemCalls.socketPair()
        let pipe = try SystemCalls.outputPipe()
        let pid = try SystemCalls.spawn(
            SystemCalls.openImage("/usr/bin/env").image,
            arguments: ["env", "-C", folder, path] + arguments,
            environment: ["PATH=/usr/bin:/bin"],
            control: control.1,
            output: pipe.write,
            oomScoreAdjustment: 0
        )
        return (pid, pipe.read)
    }
}
