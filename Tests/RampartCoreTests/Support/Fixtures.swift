@testable import RampartCore

/// Content that lies in memory.
struct BytesContent: ArtifactContent {
    let bytes: [UInt8]

    var byteCount: Int { bytes.count }

    func read(upTo count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        Array(bytes[offset...].prefix(count))
    }
}

extension Artifact {
    /// Makes a file.
    static func make(name: String = "summary.csv", _ text: String = "a,b\n1,2\n") -> Artifact {
        Artifact(
            name: name,
            mediaType: .csv,
            sha256: String(repeating: "a", count: 64),
            role: .file(picture: nil),
            content: BytesContent(bytes: Array(text.utf8))
        )
    }

    /// Makes a chart.
    static func makeChart(
        name: String = "chart-001.png",
        line: Int? = 3,
        alt: String? = nil,
        description: JSONValue? = nil
    ) -> Artifact {
        Artifact(
            name: name,
            mediaType: .png,
            sha256: String(repeating: "b", count: 64),
            role: .chart(
                width: 1600,
                height: 1000,
                line: line,
                alt: alt,
                description: ChartDescription(description)
            ),
            content: BytesContent(bytes: [1, 2, 3])
        )
    }
}

extension Report {
    /// Makes the report of these frames.
    static func make(_ frames: JSONValue...) -> Report {
        var report = Report()
        for frame in frames { report.take(frame) }
        return report
    }

    mutating func take(_ frame: JSONValue) { take(ReportFrame(frame)) }
}

extension Verdict {
    /// Makes a verdict on a run that ended by itself, without a word, where nothing else is said.
    static func make(
        _ status: WorkerExit.Status = .code(0),
        cpu: Duration = .milliseconds(10),
        grownBy bytes: Int64 = 1 << 20,
        ending: Ending = .itself,
        report: Report = Report(),
        stderr: String = "",
        limits: Limits = Limits(),
        budget: Duration = .seconds(900),
        outOfMemory: Bool = false,
        line: Int? = nil
    ) -> Verdict {
        var usage = Usage()
        usage.cpu = cpu
        usage.peakMemoryBytes = bytes
        return Verdict(
            status: status,
            usage: usage,
            ending: ending,
            report: report,
            stderr: CapturedText(kept: Array(stderr.utf8), bytes: stderr.utf8.count),
            limits: limits,
            budget: budget,
            outOfMemory: outOfMemory,
            line: line
        )
    }
}

extension RunRecord {
    /// Makes the record of a run that completed and left nothing.
    static func make(
        outcome: Outcome = .completed,
        report: Report = Report(),
        transcript: Transcript? = nil,
        stdout: CapturedText = CapturedText(),
        stderr: CapturedText = CapturedText(),
        artifacts: [Artifact] = [],
        leftOut: LeftOut = LeftOut(),
        confinement: Confinement = .full
    ) -> RunRecord {
        RunRecord(
            outcome: outcome,
            report: report,
            transcript: transcript,
            stdout: stdout,
            stderr: stderr,
            artifacts: artifacts,
            leftOut: leftOut,
            usage: Usage(),
            confinement: confinement
        )
    }
}

extension Transcript {
    mutating func take(_ frame: JSONValue) { take(ReportFrame(frame)) }
}

extension Confinement {
    /// Every layer holds.
    static var full: Confinement {
        Confinement(Dictionary(uniqueKeysWithValues: Layer.allCases.map { ($0, .enforced) }))
    }
}

extension JSONValue {
    /// Parses text.
    init(text: String) throws { try self.init(parsing: Array(text.utf8)) }

    /// Makes arrays within arrays, so deep.
    static func nested(_ depth: Int) -> JSONValue {
        (0..<depth).reduce(.integer(1)) { inner, _ in .array([inner]) }
    }
}
