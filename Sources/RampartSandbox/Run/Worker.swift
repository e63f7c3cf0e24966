import CSandbox
import RampartCore
import SystemPackage

/// A forked R process that runs one script.
final class Worker {
    let pid: Int32
    let stdout: OwnedDescriptor
    let stderr: OwnedDescriptor
    let report: OwnedDescriptor
    let scratch: ScratchDirectory
    /// Readable when the worker is dead; nil where the kernel refuses pidfds.
    let death: OwnedDescriptor?
    /// What it has put on itself.
    private(set) var layers: [Layer: Enforcement] = [:]
    /// Its resident size before the script, in bytes.
    private(set) var initialResidentBytes: Int64 = 0

    /// The CPU time that it had used before the script.
    private(set) var initialCPU = Duration.zero

    /// The run's document, in which the worker says which line is running once it has read it.
    private var document: OwnedDescriptor?
    /// Nil once the worker is dead: what a run sent over it and the host did not take, locked files among it, would
    /// live as long as the host has it open.
    private var socket: OwnedDescriptor?
    private let identity: ProcessIdentity?

    /// Takes over a worker whose process nobody reaps before the host says so.
    init(
        pid: Int32,
        socket: OwnedDescriptor,
        stdout: OwnedDescriptor,
        stderr: OwnedDescriptor,
        report: OwnedDescriptor,
        scratch: ScratchDirectory
    ) {
        self.pid = pid
        self.socket = socket
        self.stdout = stdout
        self.stderr = stderr
        self.report = report
        self.scratch = scratch
        death = try? SystemCalls.pidfd(of: pid)
        identity = ProcessIdentity(of: pid)
    }

    /// Waits until the worker is in place, at most until an instant.
    func awaitPrepared(until end: ContinuousClock.Instant) throws(Fault) {
        var prepared = rampart_prepared()
        guard let socket else { throw Self.fault("it is dead") }
        let isThere: Bool
        do {
            isThere = try SystemCalls.receive(
                into: &prepared,
                from: socket,
                timeout: ContinuousClock.now.duration(to: end)
            )
        } catch {
            throw Self.fault("\(error)")
        }
        guard isThere, prepared.kind == Int32(RAMPART_PREPARED.rawValue) else {
            throw Self.fault("it ended before it was in place")
        }
        layers = WireLayers.load(prepared)
    }

    /// Whether it is the host's own user.
    var sharesUser: Bool { scratch.user == nil }

    /// Whether it is dead already.
    var isDead: Bool { isDead(until: .now) }

    /// Sends the run's document, whose script R evaluates from then on; `processes` is the most tasks that the worker's
    /// user may have, and `directory` is for a file where the kernel refuses anonymous ones.
    func start(_ job: Job, processes: Int, filesIn directory: OwnedDescriptor) throws(Fault) {
        initialResidentBytes = ProcessStatus.residentBytes(of: pid) ?? 0
        initialCPU = ProcessStatus.cpu(of: pid)
        guard let socket else { throw Self.fault("it is dead") }
        do {
            let document = try SystemCalls.anonymousFile(RunDocument(job).bytes, in: directory)
            let message = rampart_run(job, processes: processes)
            try SystemCalls.send(message, over: socket, with: [document], timeout: .seconds(1))
            self.document = document
        } catch {
            throw Self.fault("\(error)")
        }
    }

    /// Where the top-level expression that it began last is, in lines from 1; nil if it began none.
    ///
    /// A claim, like its report. The document's first bytes, as long as they are not overwritten, are larger than any line.
    var runningLine: Int? {
        let size = MemoryLayout<UInt32>.size
        guard let document, let bytes = try? SystemCalls.read(document, upTo: size, at: 0),
            bytes.count == size
        else { return nil }
        let line = bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        return (1...Self.mostLines).contains(line) ? line : nil
    }

    /// A script holds no more bytes.
    private static let mostLines = 1 << 20

    /// Tells the worker that its output so far has been read.
    func acknowledge() {
        let message = rampart_ack(kind: Int32(RAMPART_ACK.rawValue))
        // A worker that has closed its socket, or is dead, does without.
        if let socket { try? SystemCalls.send(message, over: socket, timeout: .zero) }
    }

    /// Kills the worker and, where it lives, its group, and waits until the worker is dead.
    ///
    /// What a dead one leaves in its group is the sweep's to kill.
    ///
    /// - Throws: a ``Fault`` of kind `tainted` where it will not die.
    func kill() throws(Fault) {
        // A zygote that is gone holds no number: once the worker is dead, another process or group may have it.
        if !isDead, identity?.isCurrent != false {
            SystemCalls.killGroup(of: pid)
            if let death { SystemCalls.kill(death, numbered: pid) }
        }
        let end = Bound.death.end()
        while !isDead(until: end) {
            guard ContinuousClock.now < end else {
                throw Fault(
                    .tainted,
                    couldNot: "kill the worker",
                    cause: "it lives \(Bound.death.duration) after SIGKILL"
                )
            }
        }
        socket = nil
    }

    private func isDead(until end: ContinuousClock.Instant) -> Bool {
        guard let death else {
            let soon = min(end, .now.advanced(by: Watchdog.tick))
            if soon > .now { _ = try? SystemCalls.wait(for: [], until: soon) }
            return (try? ProcessStatus.isDead(pid)) ?? false
        }
        return (try? SystemCalls.wait(for: [death], until: end))?.first ?? false
    }

    private static func fault(_ cause: String) -> Fault {
        Fault(.workerStart, couldNot: "start a worker", cause: cause)
    }
}

extension rampart_run {
    fileprivate init(_ job: Job, processes: Int) {
        self.init()
        kind = Int32(RAMPART_RUN.rawValue)
        transcript = job.transcript ? 1 : 0
        cpu_seconds = UInt64(job.limits.cpuSeconds)
        growth_bytes = UInt64(job.limits.memoryMB) << 20
        // Shared mappings escape RLIMIT_DATA; RLIMIT_AS holds them.
        address_bytes = growth_bytes + 1 << 30
        file_bytes = UInt64(job.limits.fileMB) << 20
        self.processes = UInt64(processes)
    }
}
