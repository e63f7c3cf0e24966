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
        let outcome = Outcome(status: .killed, error: .null, limit: nil, retryable: run)
        let stored = StoreOutcome(locations: [nil], failure: failure)
        let envelope = Envelope.make(.make(outcome: outcome, artifacts: [.make()]), stored: stored)
        #expect(envelope.json["retryable"] == .bool(retryable))
        #expect(envelope.status == .killed)
    }

    @Test func `adds up what the collector and the store left out`() {
        var collected = LeftOut()
        collected.add("fifo", because: .kind)
        let envelope = Envelope.make(
            .make(
                artifacts: [.make(name: "a"), .make(name: "big"), .make(name: "lost")],
                leftOut: collected
            ),
            stored: StoreOutcome(
                locations: [.path("a"), nil, nil],
                failure: .make(transient: true),
                leftOut: [1: .size]
            )
        )
        #expect(
            envelope.json["leftOut"] == [
                "count": 2,
                "first": [
                    ["name": "big", "reason": "size"], ["name": "fifo", "reason": "kind"],
                ],
            ]
        )
        #expect(envelope.json["files"]?.arrayValue?.map { $0["name"] } == ["a", "lost"])
        #expect(envelope.json["storage"]?["stored"] == 1)
        #expect(envelope.json["storage"]?["failed"] == 1)
    }

    // MARK: - What does not fit

    @Test func `gives up the transcript, the value and the conditions before any text`() throws {
        let megabyte = JSONValue.string(String(repeating: "x", count: 1 << 20))
        var transcript = Transcript()
        for _ in 0..<3 { transcript.take(["kind": "value", "value": ["preview": megabyte]]) }
        var report = Report()
        report.take(["kind": "value", "value": ["preview": megabyte]])
        for number in 0..<3 {
            report.take([
                "kind": "condition",
                "condition": [
                    "kind": "message", "message": megabyte, "line": .integer(Int64(number)),
                ],
            ])
        }
        let stdout = CapturedText(kept: Array(repeating: 0x61, count: 1 << 20), bytes: 1 << 20)
        let envelope = Envelope.make(.make(report: report, transcript: transcript, stdout: stdout))
        let bytes = try envelope.encoded()
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
        let bytes = try Envelope.make(.make(stdout: noise, stderr: noise)).encoded()
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
        let noise = JSONValue.string(String(repeating: "\u{1}", count: 8000))
        var report = Report()
        report.take(["kind": "value", "value": ["class": ["data.frame"], "preview": noise]])
        for _ in 0..<200 {
            report.take(["kind": "condition", "condition": ["kind": "warning", "message": noise]])
        }
        let json = try JSONValue(parsing: Envelope.make(.make(report: report)).encoded())
        #expect(json["truncated"] == ["value", "conditions"])
        #expect(json["conditions"]?.arrayValue?.count == 100)
        #expect(json["value"] == ["class": ["data.frame"], "preview": [], "truncated": true])
    }

    @Test func `fits whatever a script claims of its charts`() throws {
        let claim = JSONValue.string(String(repeating: "x", count: 120_000))
        let charts = (0..<64).map {
            Artifact.makeChart(name: "chart-\($0).png", alt: "a", description: ["t": claim])
        }
        let stored = StoreOutcome(locations: charts.map { .path($0.name) })
        let bytes = try Envelope.make(.make(artifacts: charts), stored: stored).encoded()
        #expect(bytes.count <= Envelope.mostBytes)
        let json = try JSONValue(parsing: bytes)
        #expect(json["charts"]?.arrayValue?.count == 64)
        #expect(json["charts"]?.arrayValue?.allSatisfy { $0["location"] != .null } == true)
        #expect(json["truncated"]?.arrayValue?.contains("descriptions") == true)
    }

    @Test func `keeps all of what fits`() throws {
        let stdout = CapturedText(kept: Array(repeating: 0x61, count: 5 << 20), bytes: 5 << 20)
        let json = try JSONValue(parsing: Envelope.make(.make(stdout: stdout)).encoded())
        #expect(json["truncated"] == [])
        #expect(json["stdout"]?["text"]?.stringValue?.utf8.count == 5 << 20)
    }

    @Test func `can be encoded however deep a value is that the report could carry`() throws {
        var decoder = ReportDecoder()
        for depth in [61, 62, 100, 400, 509, 510, 511, 512, 600] {
            let body =
                #"{"kind":"value","value":{"a":"# + String(repeating: "[", count: depth)
                + String(repeating: "]", count: depth) + "}}"
            let length = UInt32(body.utf8.count)
            let header = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
            for frame in decoder.frames(in: header + Array(body.utf8)) {
                let envelope = Envelope.make(.make(report: .make(frame)))
                #expect(throws: Never.self) { try envelope.encoded() }
            }
            decoder = ReportDecoder()
        }
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
            answering: "capabilities",
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
