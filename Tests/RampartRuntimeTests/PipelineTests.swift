import RampartCore
import Testing

@testable import RampartRuntime

@Suite("The pipeline")
struct PipelineTests {
    private let runner = ScriptedRunner(.record(.make()))
    private let store = RecordingStore()
    private let inputs = KeyedInputs()

    // MARK: - Time

    @Test(
        arguments: [
            // Seconds to the deadline, the deployment's limit, the request's; what R may use at most.
            (10, 25, nil, 8500), (100, 25, nil, 25_000), (100, 25, 3, 3000), (4, 25, 3, 2500),
            (60, 5, nil, 5000),
        ] as [(Int, Int, Int?, Int)]
    )
    func
        `gives R the least of the request's limit, the deployment's, and the deadline less the reserve`(
            ahead: Int,
            deployment: Int,
            request: Int?,
            most: Int
        ) throws
    {
        var settings = Settings()
        settings.limits.wallSeconds = deployment
        let limits = request.map { #", "limits": {"wallSeconds": \#($0)}"# } ?? ""
        let deadline = Deadline(at: .now + .seconds(ahead))
        _ = try pipeline(settings).answer(.make(#"{"code": "x"\#(limits)}"#, deadline: deadline))
        let after = ContinuousClock.now
        let job = try #require(runner.jobs.first)
        let wall = job.wallTime(from: after, until: try #require(runner.schedules.first?.script))
        #expect(wall <= .milliseconds(most))
        // What the pipeline itself took is not R's either, and nothing else is held back.
        let left = after.duration(to: deadline.instant) - settings.reserve
        #expect(wall >= min(left, .seconds(request ?? deployment)))
        #expect(job.limits.wallSeconds == request ?? deployment)
    }

    @Test func `gives R no more than the wall limit where there is no deadline`() throws {
        _ = try pipeline().answer(.make(#"{"code": "x"}"#))
        let job = try #require(runner.jobs.first)
        #expect(runner.schedules.first?.script == nil)
        #expect(job.wallTime(from: .now, until: nil) == .seconds(25))
    }

    @Test(arguments: [-60, 0, 1])
    func `does not start what cannot end before the deadline`(ahead: Int) throws {
        let deadline = Deadline(at: .now + .seconds(ahead))
        let fault = #expect(throws: Fault.self) {
            try pipeline().answer(.make(#"{"code": "x"}"#, deadline: deadline))
        }
        #expect(fault?.kind == .deadline)
        #expect(runner.jobs.isEmpty)
        #expect(store.calls.isEmpty)
    }

    @Test func `lets the store work until just before the deadline`() throws {
        let deadline = Deadline(at: .now + .seconds(60))
        _ = try pipeline().answer(.make(#"{"code": "x"}"#, deadline: deadline))
        let end = try #require(store.calls.first?.end)
        #expect(end < deadline.instant)
        #expect(end > deadline.instant - .milliseconds(1500))
    }

    @Test func `gives the store half a minute where there is no deadline`() throws {
        let before = ContinuousClock.now
        _ = try pipeline().answer(.make(#"{"code": "x"}"#))
        let end = try #require(store.calls.first?.end)
        #expect(end >= before + .seconds(30))
        #expect(end <= .now + .seconds(30))
    }

    // MARK: - Requests that are not valid

    @Test(arguments: [
        ("", ""), ("[]", ""), ("{}", "/code"), (#"{"code": "x", "seed": 1.5}"#, "/seed"),
        (#"{"selfTest": true}"#, "/selfTest"),
    ])
    func `rejects before R and the store are asked`(payload: String, pointer: String) throws {
        let json = try pipeline().answer(.make(payload)).json
        #expect(json["status"] == "rejected")
        #expect(json["error"]?["kind"] == "request")
        #expect(json["error"]?["pointer"] == .string(pointer))
        #expect(json["requestId"] == "id-1")
        #expect(json["retryable"] == false)
        #expect(runner.jobs.isEmpty)
        #expect(store.calls.isEmpty)
        #expect(json["confinement"] == runner.confinement.json)
        #expect(json["engine"] == runner.engine.json)
    }

    @Test func `rejects a store that the deployment does not allow`() throws {
        let stores = OneStore(store)
        stores.rejection = Rejection(at: "/store/put/0/url", "is not allowed")
        let json = try pipeline(stores: stores).answer(.make(#"{"code": "x"}"#)).json
        #expect(json["error"]?["pointer"] == "/store/put/0/url")
        #expect(runner.jobs.isEmpty)
    }

    // MARK: - Inputs

    @Test func `fetches inputs from S3 and puts all in the order of the request`() throws {
        let payload = #"""
            {"code": "x", "inputs": [
                {"name": "a", "s3": {"bucket": "my-bucket", "key": "first"}}, {"name": "b", "text": "own"},
                {"name": "c", "s3": {"bucket": "my-bucket", "key": "second"}}]}
            """#
        _ = try pipeline().answer(.make(payload))
        #expect(
            runner.jobs.first?.inputs == [
                Job.File(name: "a", bytes: Array("first".utf8)),
                Job.File(name: "b", bytes: Array("own".utf8)),
                Job.File(name: "c", bytes: Array("second".utf8)),
            ]
        )
        #expect(inputs.wanted.map(\.pointer) == ["/inputs/0/s3", "/inputs/2/s3"])
        #expect(inputs.mostBytes == 32 << 20)
    }

    @Test func `asks nobody for inputs that the request brings`() throws {
        _ = try pipeline().answer(.make(#"{"code": "x", "inputs": [{"name": "b", "text": ""}]}"#))
        #expect(inputs.end == nil)
    }

    @Test func `leaves the reserve when it fetches`() throws {
        let deadline = Deadline(at: .now + .seconds(60))
        _ = try pipeline().answer(.make(Self.withInput, deadline: deadline))
        #expect(inputs.end == deadline.instant - .milliseconds(1500))
    }

    @Test func `rejects an input that is not to be had`() throws {
        inputs.failure = .rejected(Rejection(at: "/inputs/0/s3", "is not there"))
        let json = try pipeline().answer(.make(Self.withInput)).json
        #expect(json["status"] == "rejected")
        #expect(json["error"]?["pointer"] == "/inputs/0/s3")
        #expect(runner.jobs.isEmpty)
    }

    @Test func `throws where the inputs' store failed`() {
        inputs.failure = .fault(.make(.inputRefused))
        let fault = #expect(throws: Fault.self) { try pipeline().answer(.make(Self.withInput)) }
        #expect(fault == .make(.inputRefused))
        #expect(runner.jobs.isEmpty)
    }

    // MARK: - Artifacts

    @Test(arguments: [
        ("{}", "id-1/"), (#"{"prefix": "runs/42/"}"#, "runs/42/"), (#"{"prefix": ""}"#, ""),
        (#"{"inline": true}"#, "id-1/"),
        (#"{"put": []}"#, "id-1/"),
    ])
    func `stores under the request's prefix, or else under its id`(
        choice: String,
        prefix: String
    ) throws {
        _ = try pipeline().answer(.make(#"{"code": "x", "store": \#(choice)}"#))
        #expect(store.calls.map(\.prefix) == [prefix])
    }

    @Test func `makes a store that failed part of the envelope`() throws {
        store.failure = StorageFailure(
            code: "SlowDown",
            message: "later",
            bucket: "b",
            key: "k",
            isTransient: true
        )
        let runner = ScriptedRunner(
            .record(.make(artifacts: [.make("a"), .make("b"), .make("c")], stdout: "kept"))
        )
        let json = try pipeline(runner: runner).answer(.make(#"{"code": "x"}"#)).json
        #expect(json["status"] == "completed")
        #expect(json["stdout"]?["text"] == "kept")
        #expect(
            json["files"]?.arrayValue?.map { $0["location"] } == [["path": "id-1/a"], .null, .null]
        )
        #expect(
            json["storage"] == [
                "code": "SlowDown", "message": "later", "bucket": "b", "key": "k", "stored": 1,
                "failed": 2,
            ]
        )
        #expect(json["retryable"] == true)
    }

    @Test func `stores what a run left that did not complete`() throws {
        let verdict = Verdict(
            status: .signal(Signal.kill),
            usage: Usage(),
            ending: .watchdog(.wall),
            report: Report(),
            stderr: CapturedText(),
            limits: Limits(),
            budget: .seconds(25),
            outOfMemory: false
        )
        let runner = ScriptedRunner(
            .record(.make(outcome: verdict.outcome, artifacts: [.make("a")]))
        )
        let json = try pipeline(runner: runner).answer(.make(#"{"code": "x"}"#)).json
        #expect(json["status"] == "exceeded")
        #expect(json["limit"] == ["name": "wall"])
        #expect(store.calls.map(\.names) == [["a"]])
    }

    // MARK: - The rest

    @Test func `passes on everything that the request says`() throws {
        let payload = #"""
            {"code": "f()", "seed": 5, "transcript": true, "chart": {"format": "pdf", "width": 700},
             "limits": {"memoryMB": 100, "cpuSeconds": 4}}
            """#
        _ = try pipeline().answer(.make(payload))
        let job = try #require(runner.jobs.first)
        #expect(job.code == "f()")
        #expect(job.seed == 5)
        #expect(job.transcript)
        #expect(job.chart.format == .pdf)
        #expect(job.chart.width == 700)
        #expect(job.limits.memoryMB == 100)
        #expect(job.limits.cpuSeconds == 4)
        #expect(job.limits.files == 64)
    }

    @Test func `throws what the runner throws, and stores nothing`() {
        let runner = ScriptedRunner(.fault(.make(.zygoteGone)))
        let fault = #expect(throws: Fault.self) {
            try pipeline(runner: runner).answer(.make(#"{"code": "x"}"#))
        }
        #expect(fault == .make(.zygoteGone))
        #expect(store.calls.isEmpty)
    }

    @Test func `answers what can be done here without a run`() throws {
        let json = try pipeline().answer(.make(#"{"capabilities": true}"#)).json
        #expect(json["status"] == "completed")
        let capabilities = try #require(json["capabilities"])
        #expect(capabilities["r"] == "4.2.2")
        #expect(capabilities["packages"] == ["ggplot2": "3.4.1"])
        #expect(capabilities["fonts"] == ["DejaVu Sans"])
        #expect(capabilities["formats"] == ["png", "svg", "pdf"])
        #expect(capabilities["limits"]?["wallSeconds"] == 25)
        #expect(capabilities["layers"]?["shield"] == "enforced")
        #expect(runner.jobs.isEmpty)
    }

    @Test func `signs the bytes where the deployment has a key`() throws {
        var settings = Settings()
        let envelope = try pipeline().answer(.make("{}"))
        let plain = pipeline(settings).encoded(envelope)
        settings.signingKey = "key"
        let signed = pipeline(settings).encoded(envelope)
        #expect(signed.dropLast(80) == plain.dropLast(1))
        #expect(try JSONValue(parsing: signed)["status"] == "rejected")
    }

    private static let withInput =
        #"{"code": "x", "inputs": [{"name": "a", "s3": {"bucket": "my-bucket", "key": "k"}}]}"#

    private func pipeline(
        _ settings: Settings = Settings(),
        runner: ScriptedRunner? = nil,
        stores: OneStore? = nil
    ) -> Pipeline {
        Pipeline(
            runner: runner ?? self.runner,
            stores: stores ?? OneStore(store),
            inputs: inputs,
            settings: settings
        )
    }
}

@Suite("The signature")
struct EnvelopeSignerTests {
    @Test func `is HMAC-SHA256 over all bytes before it, in the last eighty`() {
        let signed = EnvelopeSigner(key: "key").signed(Array(#"{"a":1}"#.utf8))
        let digits = "c03209c415a364b212726b61a9e64e2abc0a2fb2bf59a86c98b0d7d4f68c4de9"
        #expect(String(decoding: signed, as: UTF8.self) == #"{"a":1,"signature":"\#(digits)"}"#)
        #expect(signed.count == #"{"a":1"#.utf8.count + 80)
    }

    @Test func `differs with the key and with every byte`() {
        let one = EnvelopeSigner(key: "key").signed(Array(#"{"a":1}"#.utf8)).suffix(80)
        #expect(EnvelopeSigner(key: "kez").signed(Array(#"{"a":1}"#.utf8)).suffix(80) != one)
        #expect(EnvelopeSigner(key: "key").signed(Array(#"{"a":2}"#.utf8)).suffix(80) != one)
    }
}

extension Pipeline {
    /// Answers an invocation that has just arrived.
    func answer(_ invocation: Invocation) throws(Fault) -> Envelope {
        try answer(invocation, on: schedule(for: invocation))
    }
}

extension Invocation {
    /// Makes an invocation.
    static func make(_ payload: String, deadline: Deadline? = nil) -> Invocation {
        Invocation(requestID: "id-1", payload: Array(payload.utf8), deadline: deadline)
    }
}
