import RampartCore

@testable import RampartRuntime

/// A runner that ends each run as its list says, the last element from there on, and remembers what it was given.
// SAFETY: a test calls it from one thread.
final class ScriptedRunner: ScriptRunner, @unchecked Sendable {
    enum End {
        case record(RunRecord)
        case fault(Fault)
    }

    private let ends: [End]
    /// What ``tidy(on:)`` throws.
    var tidyFault: Fault?
    private(set) var jobs: [Job] = []
    private(set) var schedules: [Schedule] = []
    private(set) var tidied = 0
    private(set) var tidyDeadlines: [ContinuousClock.Instant?] = []
    /// Called at the start of each run.
    var whileRunning: () -> Void = {}

    init(_ ends: End...) { self.ends = ends }

    let engine = Engine(told: ["r": "4.2.2", "fonts": ["DejaVu Sans"]])
    let confinement = Confinement([.shield: .enforced, .network: .watched])
    let installedPackages = ["ggplot2": "3.4.1"]

    func run(
        _ job: Job,
        on schedule: Schedule,
        stop: any RunStop
    ) throws(Fault) -> RunRecord {
        whileRunning()
        jobs.append(job)
        schedules.append(schedule)
        switch ends[min(jobs.count, ends.count) - 1] {
        case .record(let record): return record
        case .fault(let fault): throw fault
        }
    }

    func tidy(on schedule: Schedule) throws(Fault) {
        tidied += 1
        tidyDeadlines.append(schedule.deadline)
        if let tidyFault { throw tidyFault }
    }
}

extension RunRecord {
    /// Makes the record of a run that completed.
    static func make(
        outcome: Outcome = .completed,
        artifacts: [Artifact] = [],
        stdout: String = ""
    ) -> RunRecord {
        RunRecord(
            outcome: outcome,
            report: Report(),
            transcript: nil,
            stdout: CapturedText(kept: Array(stdout.utf8), bytes: stdout.utf8.count),
            stderr: CapturedText(),
            artifacts: artifacts,
            leftOut: LeftOut(),
            usage: Usage(),
            confinement: Confinement([.shield: .enforced])
        )
    }
}

extension Fault {
    /// Makes a fault.
    static func make(_ kind: Fault.Kind) -> Fault {
        Fault(kind, couldNot: "do it", cause: "so it is")
    }
}

extension Artifact {
    /// Makes a file of some bytes, or one that cannot be read.
    static func make(
        _ name: String,
        _ bytes: [UInt8] = [1, 2, 3],
        isReadable: Bool = true
    ) -> Artifact {
        Artifact(
            name: name,
            mediaType: .binary,
            sha256: String(repeating: "a", count: 64),
            role: .file(picture: nil),
            content: BytesContent(bytes: bytes, isReadable: isReadable)
        )
    }
}

/// Content that lies in memory.
struct BytesContent: ArtifactContent {
    let bytes: [UInt8]
    var isReadable = true

    var byteCount: Int { bytes.count }

    func read(upTo count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        guard isReadable else { throw .make(.scratch) }
        return Array(bytes[offset...].prefix(count))
    }
}
