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
        let envelope = try envelope(report, transcript).encoded()
        try Flaw.unless(envelope.count <= Envelope.mostBytes, "an envelope that is too large")
        try Flaw.unless(isSound(try JSONValue(parsing: envelope)), "an envelope of a wrong type")
        let kinds = Set(frames.compactMap { $0["kind"]?.wordValue }).sorted()
        return "\(kinds) \(report.end?.rawValue ?? "no end")\(whole.isBroken ? ", broken" : "")"
    }

    /// Takes the bytes in pieces, whose lengths the bytes themselves choose.
    private static func inPieces(_ bytes: [UInt8], _ decoder: inout ReportDecoder) -> [JSONValue] {
        var random = SeededGenerator(seed: bytes.reduce(bytes.count) { ($0 &* 31) &+ Int($1) })
        var frames: [JSONValue] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + random.count(upTo: 200))
            frames += decoder.frames(in: Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return frames
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
            artifacts: [],
            leftOut: LeftOut(),
            usage: Usage(),
            confinement: Confinement([:])
        )
        return Envelope(
            requestID: "1",
            record: record,
            stored: StoreOutcome(locations: []),
            usage: Usage(),
            engine: Engine()
        )
    }

    /// Whether an envelope has the types of the contract where a script had a say.
    private static func isSound(_ envelope: JSONValue) -> Bool {
        let conditions = envelope["conditions"]?.arrayValue ?? []
        let error = envelope["error"] ?? .null
        return conditions.allSatisfy(isCondition)
            && (envelope["value"] == .null || envelope["value"]?.objectValue != nil)
            && (error == .null || isError(error))
    }

    private static func isCondition(_ condition: JSONValue) -> Bool {
        condition["kind"]?.stringValue != nil && condition["message"]?.stringValue != nil
            && isText(condition["call"]) && isLine(condition["line"])
    }

    private static func isError(_ error: JSONValue) -> Bool {
        error["message"]?.stringValue != nil && isLine(error["line"]) && isText(error["call"])
            && (error["traceback"]?.arrayValue ?? []).allSatisfy {
                isText($0["call"]) && isLine($0["line"])
            }
    }

    private static func isText(_ value: JSONValue?) -> Bool {
        value == .null || value?.stringValue != nil
    }

    private static func isLine(_ value: JSONValue?) -> Bool {
        value == .null || value?.integerValue != nil
    }
}

extension ReportDecoder {
    /// Takes what was read, and returns all frames that are complete now.
    package mutating func frames(in bytes: [UInt8]) -> [JSONValue] {
        take(bytes)
        var frames: [JSONValue] = []
        while let frame = next() { frames.append(frame) }
        return frames
    }
}
