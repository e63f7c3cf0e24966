import Foundation
import RampartFuzz
import Testing

@testable import RampartCore

@Suite("An envelope")
struct EnvelopeTests {
    @Test(arguments: Example.all)
    func `has the form of the golden file of its name`(example: Example) throws {
        let envelope = try JSONValue(parsing: example.envelope.encoded())
        #expect(try envelope == example.golden())
    }

    @Test(arguments: Example.all)
    func `is as its schema says`(example: Example) throws {
        let envelope = try JSONValue(parsing: example.envelope.encoded())
        #expect(try EnvelopeSchema.current.get().problem(with: envelope) == nil)
    }

    @Test(arguments: Example.all)
    func `has every field of the contract, whatever became of the run`(example: Example) throws {
        let fields = try #require(JSONValue(parsing: example.envelope.encoded()).objectValue)
        let contract: Set = [
            "version", "requestId", "status", "charts", "files", "value", "stdout", "stderr",
            "conditions", "error",
            "limit", "usage", "leftOut", "storage", "transcript", "confinement", "engine",
            "retryable",
        ]
        #expect(contract.subtracting(fields.keys) == [])
    }

    @Test(arguments: [
        (false, StorageFailure?.none, false), (true, nil, true),
        (false, .make(transient: true), true),
        (false, .make(transient: false), false), (true, .make(transient: false), true),
    ])
    func `may be tried again where the run or the store may do better`(
        run: Bool,
        failure: StorageFailure?,
        retryable: Bool
    ) {
        let outcome = Outcome(status: .killed, error: nil, limit: nil, retryable: run)
        let stored = StoreOutcome(locations: [nil], failure: failure)
        let envelope = Envelope.make(.make(outcome: outcome, artifacts: [.make()]), stored: stored)
        #expect(envelope.retryable == retryable)
        #expect(envelope.status == .killed)
    }

    @Test func `adds up what the collector and the store left out`() throws {
        var collected = LeftOut()
        collected.add("fifo", because: .kind)
        let json = try Envelope.make(
            .make(
                artifacts: [.make(name: "a"), .make(name: "big"), .make(name: "lost")],
                leftOut: collected
            ),
            stored: StoreOutcome(
                locations: [.path("a"), nil, nil],
                failure: .make(transient: true),
                leftOut: [1: .size]
            )
        ).json
        #expect(
            json["leftOut"] == [
                "count": 2,
                "first": [
                    ["name": "big", "reason": "size"], ["name": "fifo", "reason": "kind"],
                ],
            ]
        )
        #expect(json["files"]?.arrayValue?.map { $0["name"] } == ["a", "lost"])
        #expect(json["storage"]?["stored"] == 1)
        #expect(json["storage"]?["failed"] == 1)
    }

    // MARK: - What does not fit

    @Test func `gives up the transcript, the value and the conditions before any text`() throws {
        let value = JSONValue.value(bytes: 1 << 19)
        var transcript = Transcript()
        for _ in 0..<6 { transcript.take(["kind": "value", "value": value]) }
        var report = Report.make(
            ["kind": "value", "value": value],
            ["kind": "end", "status": "completed"]
        )
        for _ in 0..<200 { report.take(.condition(bytes: 8000)) }
        let stdout = CapturedText(kept: Array(repeating: 0x61, count: 1 << 20), bytes: 1 << 20)
        let envelope = Envelope.make(.make(report: report, transcript: transcript, stdout: stdout))
        let bytes = envelope.encoded()
        #expect(bytes.count <= Envelope.mostBytes)
        let json = try JSONValue(parsing: bytes)
        #expect(json["truncated"] == ["transcript"])
        #expect(json["transcript"] == .null)
        #expect(json["value"] != .null)
        #expect(json["stdout"]?["text"]?.stringValue?.utf8.count == 1 << 20)
    }

    @Test func `says of text that it gives up how much there was`() throws {
        // Control characters take six bytes each.
        let noise = CapturedText(kept: Array(repeating: 1, count: 1 << 20), bytes: 2 << 20)
        let bytes = Envelope.make(.make(stdout: noise, stderr: noise)).encoded()
        #expect(bytes.count <= Envelope.mostBytes)
        let json = try JSONValue(parsing: bytes)
        for stream in ["stdout", "stderr"] {
            #expect(json[stream]?["truncated"] == true)
            #expect(json[stream]?["bytes"] == .integer(2 << 20))
        }
        #expect(json["stdout"]?["text"]?.stringValue?.isEmpty == false)
        #expect(json["status"] == "completed")
    }

    @Test func `keeps as many conditions as fit, and of a value all but its preview`() throws {
        var report = Report.make(["kind": "value", "value": .value(bytes: 4000)])
        for _ in 0..<200 { report.take(.condition(bytes: 8000, of: "\u{1}")) }
        let bytes = Envelope.make(.make(report: report)).encoded()
        let json = try JSONValue(parsing: bytes)
        #expect(json["truncated"] == ["value", "conditions"])
        #expect(json["value"] == ["class": ["list"], "preview": [], "truncated": true])
        // No further one would have fitted.
        let one = try #require(json["conditions"]?.arrayValue?.first).encoded().count
        #expect((Envelope.mostBytes - one - 400...Envelope.mostBytes).contains(bytes.count))
    }

    @Test func `fits whatever a script claims of its charts`() throws {
        let claim = JSONValue.string(String(repeating: "\u{1}", count: 2048))
        let labels = ["a": claim, "b": claim]
        let charts = (0..<400).map {
            Artifact.makeChart(
                name: "chart-\($0).png",
                alt: "a",
                description: ["labels": .object(labels)]
            )
        }
        let stored = StoreOutcome(locations: charts.map { .path($0.name) })
        let bytes = Envelope.make(.make(artifacts: charts), stored: stored).encoded()
        #expect(bytes.count <= Envelope.mostBytes)
        let json = try JSONValue(parsing: bytes)
        #expect(json["charts"]?.arrayValue?.count == 400)
        #expect(json["charts"]?.arrayValue?.allSatisfy { $0["location"] != .null } == true)
        #expect(json["truncated"] == ["descriptions"])
        // Those that fit are kept.
        #expect(json["charts"]?.arrayValue?.first?["alt"] == "a")
        #expect(json["charts"]?.arrayValue?.last?["alt"] == .null)
    }

    @Test func `keeps all of what fits`() throws {
        let stdout = CapturedText(kept: Array(repeating: 0x61, count: 5 << 20), bytes: 5 << 20)
        let json = try JSONValue(parsing: Envelope.make(.make(stdout: stdout)).encoded())
        #expect(json["truncated"] == [])
        #expect(json["stdout"]?["text"]?.stringValue?.utf8.count == 5 << 20)
    }

    @Test func `lists as many of ten thousand files as fit`() throws {
        let files = (0..<10_000).map {
            Artifact.make(name: "\($0)" + String(repeating: "n", count: 120))
        }
        let place = String(repeating: "k", count: 900)
        let stored = StoreOutcome(
            locations: files.map { .s3(bucket: "my-bucket", key: "\(place)/\($0.name)", etag: nil) }
        )
        let envelope = Envelope.make(.make(artifacts: files), stored: stored)
        let bytes = envelope.encoded()
        #expect((Envelope.mostBytes - 3000...Envelope.mostBytes).contains(bytes.count))
        let json = try JSONValue(parsing: bytes)
        #expect(json["truncated"] == ["files"])
        #expect(try EnvelopeSchema.current.get().problem(with: json) == nil)
        #expect(envelope.storedBytes == 80_000)
    }

    @Test func `fits whatever its every part is`() throws {
        let long = String(repeating: "\u{1}", count: 9000)
        let text = JSONValue.string(long)
        let list = JSONValue.array(Array(repeating: text, count: 99))
        var report = Report.make(
            [
                "kind": "error",
                "error": [
                    "kind": "parse", "message": text, "class": list, "call": text, "hints": list,
                    "source": text,
                    "traceback": .array(Array(repeating: ["call": text], count: 99)),
                ],
            ],
            ["kind": "end", "status": "failed"]
        )
        var transcript = Transcript()
        for _ in 0..<5 { report.take(["kind": "advice", "advice": text]) }
        for _ in 0..<600 {
            report.take(.condition(bytes: 8000, of: "\u{1}"))
            transcript.take(.condition(bytes: 8000, of: "\u{1}"))
        }
        var leftOut = LeftOut()
        for number in 0..<30 { leftOut.add("\(number)\(long)", because: .name) }
        let noise = CapturedText(kept: Array(repeating: 1, count: 2 << 20), bytes: 2 << 20)
        let files = (0..<20_000).map { Artifact.make(name: "\($0)") }
        let charts = (0..<20_000).map { Artifact.makeChart(name: "c\($0)", alt: "a") }
        let packages = (0..<7_000).map {
            ("package-\($0)", JSONValue.string(String(repeating: "1", count: 1000)))
        }
        let envelope = Envelope.make(
            .make(
                outcome: Verdict.make(report: report).outcome,
                report: report,
                transcript: transcript,
                stdout: noise,
                stderr: noise,
                artifacts: files + charts,
                leftOut: leftOut
            ),
            stored: StoreOutcome(locations: Array(repeating: nil, count: 40_000)),
            engine: Engine(told: ["packages": .object(Dictionary(uniqueKeysWithValues: packages))])
        )
        let bytes = envelope.encoded()
        #expect(bytes.count <= Envelope.mostBytes)
        let json = try JSONValue(parsing: bytes)
        #expect(try EnvelopeSchema.current.get().problem(with: json) == nil)
        #expect(json["status"] == "failed")
        #expect(json["error"]?["hints"]?.arrayValue?.count == 5)
    }

    @Test func `rejects a request whose field has a name of megabytes`() throws {
        let name = String(repeating: "~", count: 4 << 20)
        let rejection = #expect(throws: Rejection.self) {
            try EventDecoder(limits: Limits()).decode(Array(#"{"code":"1","\#(name)":1}"#.utf8))
        }
        let envelope = Envelope(
            requestID: "1",
            rejection: try #require(rejection),
            confinement: .full,
            engine: Engine()
        )
        #expect(envelope.encoded().count < 64 << 10)
        #expect(try EnvelopeSchema.current.get().problem(with: envelope.json) == nil)
    }

    @Test func `names the layers that its schema names`() throws {
        let schema = try EnvelopeSchema.current.get()
        #expect(schema.required(in: "layers") == Layer.allCases.map(\.rawValue))
    }

    @Test func `knows the fields of values and descriptions that its schema knows`() throws {
        let schema = try EnvelopeSchema.current.get()
        let value = Set((ShownValue.table + ShownValue.other).map(\.name))
        #expect(value == schema.fields(of: "value"))
        #expect(Set(ChartDescription.fields.map(\.name)) == schema.fields(of: "description"))
    }
}

/// An envelope that a golden file shows.
struct Example: Sendable, CustomTestStringConvertible {
    let name: String
    let envelope: Envelope

    var testDescription: String { name }

    /// Reads the golden file; what changes with every version is filled in.
    func golden() throws -> JSONValue {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let file = folder.appending(path: "Golden/\(name).json")
        let text = try String(contentsOf: file, encoding: .utf8)
        return try JSONValue(text: text.replacing("{version}", with: Engine.version))
    }

    static let all = [completed, failed, exceeded, killed, rejected, storageFailure, capabilities]

    private static let completed: Example = {
        let report = Report.make(
            [
                "kind": "condition",
                "condition": [
                    "kind": "warning", "message": "Removed 1 row", "call": "f(x)", "line": 3,
                ],
            ],
            [
                "kind": "value",
                "value": [
                    "class": ["data.frame"], "rows": 2,
                    "columns": [["name": "month", "type": "integer"]], "preview": [["month": 1]],
                ],
            ],
            ["kind": "end", "status": "completed"]
        )
        var transcript = Transcript()
        transcript.take(["kind": "source", "line": 1, "text": "sales"])
        transcript.take(Array("2 rows\n".utf8), from: .stdout)
        var leftOut = LeftOut()
        leftOut.add("deep/er", because: .depth)
        let charts = [
            Artifact.makeChart(alt: "Bar chart", description: ["title": .null]),
            Artifact.makeChart(name: "chart-002.png", line: nil),
        ]
        let record = RunRecord.make(
            outcome: Verdict.make(report: report).outcome,
            report: report,
            transcript: transcript,
            stdout: CapturedText(kept: Array("2 rows\n".utf8), bytes: 7),
            stderr: CapturedText(kept: Array("Removed".utf8), bytes: 70_000),
            artifacts: charts + [.make()],
            leftOut: leftOut
        )
        let locations: [Location?] = [
            .s3(bucket: "my-bucket", key: "charts/runs/42/chart-001.png", etag: "\"1\""),
            .inline(base64: "AQID"),
            .path("out/summary.csv"),
        ]
        var usage = Usage()
        usage.wall = .milliseconds(212)
        usage.cpu = .milliseconds(190)
        usage.peakMemoryBytes = 121_634_816
        usage.bytesWritten = 12_345
        usage.phases.run = .milliseconds(205)
        let engine = Engine(told: [
            "r": "4.2.2", "packages": ["ggplot2": "3.4.1"], "rng": "Mersenne-Twister",
            "locale": "C.UTF-8",
            "timezone": "UTC", "rampart": "forged", "fonts": ["DejaVu Sans"],
        ])
        return Example(
            name: "completed",
            envelope: .make(
                record,
                stored: StoreOutcome(locations: locations),
                usage: usage,
                engine: engine
            )
        )
    }()

    private static let failed: Example = {
        let report = Report.make(
            [
                "kind": "error",
                "error": [
                    "kind": "runtime", "message": "object 'sale' not found",
                    "class": ["simpleError", "error"],
                    "call": .null, "line": 3, "traceback": [["call": "f(x)", "line": 2]],
                    "hints": ["did you mean sales?"],
                ],
            ],
            ["kind": "end", "status": "failed"]
        )
        let record = RunRecord.make(outcome: Verdict.make(report: report).outcome, report: report)
        return Example(name: "failed", envelope: .make(record))
    }()

    private static let exceeded = Example(
        name: "exceeded",
        envelope: .make(.make(outcome: Verdict.make(.signal(9), ending: .watchdog(.wall)).outcome))
    )

    private static let killed = Example(
        name: "killed",
        envelope: .make(.make(outcome: Verdict.make(.signal(11)).outcome))
    )

    private static let rejected = Example(
        name: "rejected",
        envelope: Envelope(
            requestID: "8476a536",
            rejection: Rejection(at: "/code", "is required: a string"),
            confinement: Confinement([.shield: .enforced, .syscalls: .unavailable("EPERM")]),
            engine: Engine()
        )
    )

    private static let storageFailure = Example(
        name: "storage-failure",
        envelope: .make(
            .make(artifacts: [.make(name: "a.csv"), .make(name: "b.csv")]),
            stored: StoreOutcome(
                locations: [.s3(bucket: "my-bucket", key: "charts/1/a.csv", etag: nil), nil],
                failure: .make(transient: true)
            )
        )
    )

    private static let capabilities = Example(
        name: "capabilities",
        envelope: Envelope(
            requestID: "8476a536",
            answering: .capabilities,
            with: Capabilities(
                engine: Engine(told: ["r": "4.2.2", "fonts": ["DejaVu Sans"]]),
                packages: ["ggplot2": "3.4.1"],
                limits: Limits(),
                confinement: .full
            ).json,
            confinement: .full,
            engine: Engine(told: ["r": "4.2.2"])
        )
    )
}

extension Envelope {
    /// Makes the envelope of a run.
    fileprivate static func make(
        _ record: RunRecord,
        stored: StoreOutcome = StoreOutcome(locations: []),
        usage: Usage = Usage(),
        engine: Engine = Engine(told: ["r": "4.2.2"])
    ) -> Envelope {
        Envelope(
            requestID: "8476a536",
            record: record,
            stored: stored,
            usage: usage,
            engine: engine
        )
    }
}

extension Envelope {
    /// The envelope as its caller reads it.
    fileprivate var json: JSONValue {
        get throws { try JSONValue(parsing: encoded()) }
    }
}

extension JSONValue {
    /// A value whose preview takes so many bytes.
    fileprivate static func value(bytes: Int) -> JSONValue {
        let piece = JSONValue.string(String(repeating: "x", count: 1000))
        let row = JSONValue.array(Array(repeating: piece, count: 10))
        let rows = Array(repeating: row, count: max(1, bytes / 10_000))
        return ["class": ["list"], "preview": .array(rows)]
    }

    /// A frame with a warning of so many characters.
    fileprivate static func condition(bytes: Int, of character: String = "x") -> JSONValue {
        let message = JSONValue.string(String(repeating: character, count: bytes))
        return ["kind": "condition", "condition": ["kind": "warning", "message": message]]
    }
}

extension StorageFailure {
    /// Makes a failure.
    fileprivate static func make(transient: Bool) -> StorageFailure {
        StorageFailure(
            code: transient ? "SlowDown" : "AccessDenied",
            message: "could not store charts/1/b.csv",
            bucket: "my-bucket",
            key: "charts/1/b.csv",
            isTransient: transient
        )
    }
}
