package import RampartCore

/// A report means the same however it is cut into reads, and makes an envelope that its caller can read.
enum ReportCheck {
    static func check(_ bytes: [UInt8]) throws -> String {
        var whole = ReportDecoder()
        let frames = whole.frames(in: bytes)
        var parts = ReportDecoder()
        try Flaw.unless(inPieces(bytes, &parts) == frames, "other frames in pieces")
        try Flaw.unless(parts.isBroken == whole.isBroken, "broken otherwise in pieces")

        var report = Report()
        var transcript = Transcript()
        for frame in frames {
            report.take(frame)
            transcript.take(frame)
        }
        let envelope = envelope(report, transcript).encoded()
        try Flaw.unless(envelope.count <= Envelope.mostBytes, "an envelope that is too large")
        let problem = try EnvelopeSchema.current.get().problem(with: JSONValue(parsing: envelope))
        try Flaw.unless(problem == nil, "an envelope that breaks its schema: \(problem ?? "")")
        let kinds = Set(frames.map(\.word)).sorted()
        return "\(kinds) \(report.end?.rawValue ?? "no end")\(whole.isBroken ? ", broken" : "")"
    }

    /// Takes the bytes in pieces, whose lengths the bytes themselves choose.
    private static func inPieces(_ bytes: [UInt8], _ decoder: inout ReportDecoder) -> [ReportFrame]
    {
        var random = SeededGenerator(seed: bytes.reduce(bytes.count) { ($0 &* 31) &+ Int($1) })
        var frames: [ReportFrame] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + random.count(upTo: 200))
            frames += decoder.frames(in: Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return frames
    }

    /// A chart for each that the report names.
    private static func artifacts(_ report: Report) -> [Artifact] {
        report.charts.values.enumerated().map { number, chart in
            Artifact(
                name: "chart-\(number).png",
                mediaType: .png,
                sha256: String(repeating: "0", count: 64),
                role: .chart(
                    width: chart.width,
                    height: chart.height,
                    line: chart.line,
                    alt: chart.alt,
                    description: chart.description
                ),
                content: NoContent()
            )
        }
    }

    private struct NoContent: ArtifactContent {
        let byteCount = 0
        func read(upTo count: Int, at offset: Int) -> [UInt8] { [] }
    }

    private static func envelope(_ report: Report, _ transcript: Transcript) -> Envelope {
        let verdict = Verdict(
            status: .code(0),
            usage: Usage(),
            ending: .itself,
            report: report,
            stderr: CapturedText(),
            limits: Limits(),
            budget: .seconds(25),
            outOfMemory: false
        )
        let record = RunRecord(
            outcome: verdict.outcome,
            report: report,
            transcript: transcript,
            stdout: CapturedText(),
            stderr: CapturedText(),
            artifacts: artifacts(report),
            leftOut: LeftOut(),
            usage: Usage(),
            confinement: Confinement([:])
        )
        return Envelope(
            requestID: "1",
            record: record,
            stored: StoreOutcome(locations: record.artifacts.map { .path($0.name) }),
            usage: Usage(),
            engine: Engine()
        )
    }
}

extension ReportDecoder {
    /// Takes what was read, and returns all frames that are complete now.
    package mutating func frames(in bytes: [UInt8]) -> [ReportFrame] {
        take(bytes)
        var frames: [ReportFrame] = []
        while let frame = next() { frames.append(frame) }
        return frames
    }
}

extension ReportFrame {
    /// What it is, in a word.
    fileprivate var word: String {
        switch self {
        case .start: "start"
        case .source: "source"
        case .condition: "condition"
        case .chart: "chart"
        case .value(let value): value == nil ? "no value" : "value"
        case .error: "error"
        case .end: "end"
        case .description(_, _, let description):
            description == nil ? "no description" : "description"
        case .advice: "advice"
        case .shortOfMemory: "short"
        case .useless: "useless"
        }
    }
}
