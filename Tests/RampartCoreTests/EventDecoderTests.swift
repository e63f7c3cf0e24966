import Testing

@testable import RampartCore

@Suite("An event")
struct EventDecoderTests {
    // MARK: - What is taken

    @Test func `needs nothing but code`() throws {
        #expect(try decode(#"{"code": "1 + 1"}"#) == .run(RunRequest(code: "1 + 1")))
    }

    @Test func `may say all there is to say`() throws {
        let event = try decode(
            #"""
            {"code": "x", "seed": -7, "transcript": true,
             "inputs": [{"name": "a.csv", "text": "é"}, {"name": "b.bin", "base64": "AAH/"},
                        {"name": "c", "s3": {"bucket": "my-bucket", "key": "k/1", "versionId": "v",
                                             "etag": "\"e\""}}],
             "chart": {"format": "svg", "width": 800, "height": 600, "dpi": 96},
             "limits": {"wallSeconds": 2, "cpuSeconds": 3, "memoryMB": 64},
             "store": {"prefix": "runs/42/"}}
            """#
        )
        var chart = ChartOptions()
        chart.format = .svg
        chart.width = 800
        chart.height = 600
        chart.dpi = 96
        let object = S3Object(bucket: "my-bucket", key: "k/1", versionID: "v", etag: "\"e\"")
        let request = RunRequest(
            code: "x",
            inputs: [
                Input(name: "a.csv", source: .bytes([0xC3, 0xA9])),
                Input(name: "b.bin", source: .bytes([0, 1, 0xFF])),
                Input(name: "c", source: .s3(object)),
            ],
            chart: chart,
            limits: RequestedLimits(wallSeconds: 2, cpuSeconds: 3, memoryMB: 64),
            transcript: true,
            store: .deployment(prefix: "runs/42/"),
            seed: -7
        )
        #expect(event == .run(request))
    }

    @Test func `may give null for every field but code`() throws {
        let event = try decode(
            #"""
            {"code": "x", "inputs": null, "chart": null, "limits": null, "transcript": null,
             "store": null, "seed": null, "capabilities": null, "selfTest": null}
            """#
        )
        #expect(event == .run(RunRequest(code: "x")))
    }

    @Test(arguments: [
        (#"{"capabilities": true}"#, Event.capabilities), (#"{"selfTest": true}"#, .selfTest),
    ])
    func `may be a question that takes no run`(text: String, event: Event) throws {
        #expect(try decode(text) == event)
    }

    @Test(arguments: [
        (#"{}"#, StoreChoice.deployment(prefix: nil)),
        (#"{"prefix": ""}"#, .deployment(prefix: "")),
        (#"{"prefix": "a-B_9./"}"#, .deployment(prefix: "a-B_9./")),
        (#"{"inline": true}"#, .inline),
        (#"{"inline": false}"#, .deployment(prefix: nil)),
        (#"{"put": []}"#, .put([])),
        (#"{"put": [{"url": "https://a/"}]}"#, .put([PresignedPut(url: "https://a/")])),
        (
            #"{"put": [{"url": "u", "headers": {"B": "2", "A": "1"}}]}"#,
            .put([
                PresignedPut(
                    url: "u",
                    headers: [
                        PresignedPut.Header(name: "A", value: "1"),
                        PresignedPut.Header(name: "B", value: "2"),
                    ]
                )
            ])
        ),
    ])
    func `chooses a store`(store: String, choice: StoreChoice) throws {
        #expect(try request(#"{"code": "x", "store": \#(store)}"#).store == choice)
    }

    @Test(arguments: [
        // The least and the most of every bound.
        #"{"code": "x", "seed": -2147483648}"#, #"{"code": "x", "seed": 2147483647}"#,
        #"{"code": "x", "seed": 5.0}"#,
        #"{"code": "x", "chart": {"width": 16, "height": 8192, "dpi": 36}}"#,
        #"{"code": "x", "chart": {"width": 8192, "height": 16, "dpi": 600}}"#,
        #"{"code": "x", "chart": {"width": 8000, "height": 5000}}"#,
        #"{"code": "x", "limits": {"wallSeconds": 1, "cpuSeconds": 1, "memoryMB": 16}}"#,
        #"{"code": "x", "limits": {"wallSeconds": 25, "cpuSeconds": 25, "memoryMB": 1024}}"#,
        #"{"code": "x", "inputs": [{"name": "A", "text": ""}]}"#,
        #"{"code": "x", "inputs": [{"name": "0._-", "base64": ""}]}"#,
        #"{"code": "x", "inputs": [{"name": "a", "s3": {"bucket": "a.b-1", "key": "k"}}]}"#,
        "\u{9}{\"code\": \"x\"}\n ",
    ])
    func `may be at a bound`(text: String) {
        #expect(throws: Never.self) { try decode(text) }
    }

    @Test func `may hold a mebibyte of code, counted in bytes`() throws {
        let code = String(repeating: "é", count: 1 << 19)
        #expect(try request(#"{"code": "\#(code)"}"#).code.utf8.count == 1 << 20)
        #expect(pointer(of: #"{"code": "\#(code)x"}"#) == "/code")
    }

    @Test func `may name 32 inputs of 128 characters`() throws {
        let names = (0..<32).map { "\($0 + 10)" + String(repeating: "n", count: 126) }
        let inputs = names.map { #"{"name": "\#($0)", "text": ""}"# }
        let text = #"{"code": "x", "inputs": [\#(inputs.joined(separator: ","))]}"#
        #expect(try request(text).inputs.map(\.name) == names)
        let more = (inputs + [#"{"name": "more", "text": ""}"#]).joined(separator: ",")
        #expect(pointer(of: #"{"code": "x", "inputs": [\#(more)]}"#) == "/inputs")
    }

    // MARK: - What is rejected

    @Test(arguments: [
        // The whole document.
        ("", ""), ("[]", ""), ("null", ""), ("1", ""), (#""code""#, ""), ("{", ""), ("{}x", ""),
        (#"{"code": "x",}"#, ""), (#"{'code': 'x'}"#, ""), (#"{"code": "\ud800"}"#, ""),
        (#"{"code": NaN}"#, ""), (#"{"code": "x", "seed": 1e999}"#, ""),
        // Code.
        ("{}", "/code"), (#"{"code": ""}"#, "/code"), (#"{"code": null}"#, "/code"),
        (#"{"code": 1}"#, "/code"), (#"{"code": ["x"]}"#, "/code"),
        (#"{"code": "a\u0000b"}"#, "/code"),
        // Fields that nobody knows, escaped as RFC 6901 says.
        (#"{"code": "x", "Code": "x"}"#, "/Code"), (#"{"code": "x", "": 1}"#, "/"),
        (#"{"code": "x", "a/b~c": null}"#, "/a~1b~0c"),
        (#"{"code": "x", "~\u0301/\u0301": 1}"#, "/~0\u{301}~1\u{301}"),
        (#"{"code": "x", "chart": {"colour": 1}}"#, "/chart/colour"),
        (#"{"code": "x", "limits": {"files": 1}}"#, "/limits/files"),
        (#"{"code": "x", "store": {"bucket": "b"}}"#, "/store/bucket"),
        (#"{"code": "x", "inputs": [{"name": "a", "text": "", "x": 1}]}"#, "/inputs/0/x"),
        (
            #"{"code": "x", "inputs": [{"name": "a", "s3": {"bucket": "abc", "key": "k", "x": 1}}]}"#,
            "/inputs/0/s3/x"
        ),
        // Types.
        (#"{"code": "x", "transcript": 1}"#, "/transcript"),
        (#"{"code": "x", "transcript": "true"}"#, "/transcript"),
        (#"{"code": "x", "inputs": {}}"#, "/inputs"),
        (#"{"code": "x", "inputs": [1]}"#, "/inputs/0"),
        (#"{"code": "x", "chart": []}"#, "/chart"), (#"{"code": "x", "limits": 5}"#, "/limits"),
        (#"{"code": "x", "store": "inline"}"#, "/store"),
        (#"{"code": "x", "seed": "1"}"#, "/seed"), (#"{"code": "x", "seed": true}"#, "/seed"),
        // Questions stand alone and are true.
        (#"{"capabilities": true, "code": "x"}"#, "/code"),
        (#"{"selfTest": true, "capabilities": true}"#, "/selfTest"),
        (#"{"selfTest": true, "seed": 1}"#, "/seed"),
        (#"{"capabilities": false}"#, "/capabilities"), (#"{"capabilities": 1}"#, "/capabilities"),
        (#"{"selfTest": false, "code": "x"}"#, "/selfTest"),
    ])
    func `is rejected with a pointer where its form is wrong`(text: String, pointer: String) {
        #expect(self.pointer(of: text) == pointer)
    }

    @Test(arguments: [
        (#"{"seed": 2147483648}"#, "/seed"), (#"{"seed": -2147483649}"#, "/seed"),
        (#"{"seed": 1.5}"#, "/seed"), (#"{"seed": 9223372036854775808}"#, "/seed"),
        (#"{"seed": 1e300}"#, "/seed"),
        (#"{"chart": {"width": 15}}"#, "/chart/width"),
        (#"{"chart": {"width": 8193}}"#, "/chart/width"),
        (#"{"chart": {"height": 15}}"#, "/chart/height"),
        (#"{"chart": {"height": 8193}}"#, "/chart/height"),
        (#"{"chart": {"dpi": 35}}"#, "/chart/dpi"), (#"{"chart": {"dpi": 601}}"#, "/chart/dpi"),
        (#"{"chart": {"width": 8000, "height": 5001}}"#, "/chart"),
        (#"{"chart": {"format": "PNG"}}"#, "/chart/format"),
        (#"{"chart": {"format": "gif"}}"#, "/chart/format"),
        (#"{"limits": {"wallSeconds": 0}}"#, "/limits/wallSeconds"),
        (#"{"limits": {"wallSeconds": 26}}"#, "/limits/wallSeconds"),
        (#"{"limits": {"wallSeconds": 1.5}}"#, "/limits/wallSeconds"),
        (#"{"limits": {"cpuSeconds": 0}}"#, "/limits/cpuSeconds"),
        (#"{"limits": {"cpuSeconds": 26}}"#, "/limits/cpuSeconds"),
        (#"{"limits": {"memoryMB": 15}}"#, "/limits/memoryMB"),
        (#"{"limits": {"memoryMB": 1025}}"#, "/limits/memoryMB"),
        (#"{"limits": {"memoryMB": -9223372036854775808}}"#, "/limits/memoryMB"),
        (#"{"store": {"prefix": "a/../b"}}"#, "/store/prefix"),
        (#"{"store": {"prefix": "ä/"}}"#, "/store/prefix"),
        (#"{"store": {"prefix": "a b"}}"#, "/store/prefix"),
        (#"{"store": {"prefix": "\#(String(repeating: "p", count: 201))"}}"#, "/store/prefix"),
        (#"{"store": {"prefix": 1}}"#, "/store/prefix"),
        (#"{"store": {"inline": 1}}"#, "/store/inline"),
        (#"{"store": {"prefix": "a", "inline": true}}"#, "/store"),
        (#"{"store": {"inline": true, "put": []}}"#, "/store"),
        (#"{"store": {"put": {}}}"#, "/store/put"), (#"{"store": {"put": [1]}}"#, "/store/put/0"),
        (#"{"store": {"put": [{}]}}"#, "/store/put/0/url"),
        (#"{"store": {"put": [{"url": "u", "x": 1}]}}"#, "/store/put/0/x"),
        (
            #"{"store": {"put": [{"url": "u", "headers": {"A/B": 1}}]}}"#,
            "/store/put/0/headers/A~1B"
        ),
        (#"{"store": {"put": [{"url": "u"}, {"url": 2}]}}"#, "/store/put/1/url"),
    ])
    func `is rejected with a pointer where a value is out of bounds`(text: String, pointer: String)
    {
        #expect(self.pointer(of: #"{"code": "x", \#(text.dropFirst())"#) == pointer)
    }

    @Test(arguments: [
        "a", ".a", "-a", "_a", "a b", " ", "é", "売上 2024.csv", "a\\b", "...", "a=b", "🙂",
        String(repeating: "é", count: 100),
    ])
    func `may have an input of any name of one path component`(name: String) throws {
        let event: JSONValue = [
            "code": "1", "inputs": [["name": .string(name), "text": ""]],
        ]
        guard case .run(let request) = try EventDecoder(limits: Limits()).decode(event.encoded())
        else {
            Issue.record("it is no run")
            return
        }
        #expect(request.inputs.map(\.name) == [name])
    }

    @Test func `names the number that is not whole`() throws {
        let event: JSONValue = ["code": "1", "chart": ["height": .number(100.5)]]
        let payload = event.encoded()
        let rejection = #expect(throws: Rejection.self) {
            try EventDecoder(limits: Limits()).decode(payload)
        }
        #expect(rejection?.message == "must be a whole number, not 100.5")
    }

    @Test(arguments: [("a.csv", "A.CSV"), ("é.csv", "É.csv"), ("straße", "STRASSE"), ("ς", "Σ")])
    func `may not have two inputs whose names differ in case alone`(
        one: String,
        other: String
    ) throws {
        let event: JSONValue = [
            "code": "1",
            "inputs": [
                ["name": .string(one), "text": ""], ["name": .string(other), "text": ""],
            ],
        ]
        let payload = event.encoded()
        let rejection = #expect(throws: Rejection.self) {
            try EventDecoder(limits: Limits()).decode(payload)
        }
        #expect(rejection?.pointer == "/inputs/1/name")
    }

    @Test(arguments: [
        // Names.
        (#"{"name": "", "text": ""}"#, "/name"), (#"{"text": ""}"#, "/name"),
        (#"{"name": 1, "text": ""}"#, "/name"), (#"{"name": "a/b", "text": ""}"#, "/name"),
        (#"{"name": "..", "text": ""}"#, "/name"), (#"{"name": ".", "text": ""}"#, "/name"),
        (#"{"name": "a\u0000", "text": ""}"#, "/name"), (#"{"name": "a\n", "text": ""}"#, "/name"),
        (#"{"name": "\u007f", "text": ""}"#, "/name"),
        (#"{"name": "\u0085", "text": ""}"#, "/name"),
        (#"{"name": "\#(String(repeating: "n", count: 201))", "text": ""}"#, "/name"),
        (#"{"name": "\#(String(repeating: "é", count: 101))", "text": ""}"#, "/name"),
        // Exactly one source.
        (#"{"name": "a"}"#, ""), (#"{"name": "a", "text": "", "base64": ""}"#, ""),
        (#"{"name": "a", "text": "", "s3": {}}"#, ""), (#"{"name": "a", "text": null}"#, ""),
        (#"{"name": "a", "text": 1}"#, "/text"),
        // Base64 as RFC 4648 has it, padded.
        (#"{"name": "a", "base64": "AAA"}"#, "/base64"),
        (#"{"name": "a", "base64": "A==="}"#, "/base64"),
        (#"{"name": "a", "base64": "AA-_"}"#, "/base64"),
        (#"{"name": "a", "base64": "AA A="}"#, "/base64"),
        (#"{"name": "a", "base64": "é"}"#, "/base64"),
        (#"{"name": "a", "base64": [1]}"#, "/base64"),
        // Objects.
        (#"{"name": "a", "s3": "s3://b/k"}"#, "/s3"),
        (#"{"name": "a", "s3": {"key": "k"}}"#, "/s3/bucket"),
        (#"{"name": "a", "s3": {"bucket": "abc"}}"#, "/s3/key"),
        (#"{"name": "a", "s3": {"bucket": "ab", "key": "k"}}"#, "/s3/bucket"),
        (#"{"name": "a", "s3": {"bucket": "Abc", "key": "k"}}"#, "/s3/bucket"),
        (#"{"name": "a", "s3": {"bucket": "a..b", "key": "k"}}"#, "/s3/bucket"),
        (#"{"name": "a", "s3": {"bucket": "-abc", "key": "k"}}"#, "/s3/bucket"),
        (
            #"{"name": "a", "s3": {"bucket": "\#(String(repeating: "b", count: 64))", "key": "k"}}"#,
            "/s3/bucket"
        ),
        (#"{"name": "a", "s3": {"bucket": "abc", "key": ""}}"#, "/s3/key"),
        (
            #"{"name": "a", "s3": {"bucket": "abc", "key": "\#(String(repeating: "k", count: 1025))"}}"#,
            "/s3/key"
        ),
        (#"{"name": "a", "s3": {"bucket": "abc", "key": "k", "etag": 1}}"#, "/s3/etag"),
    ])
    func `is rejected with a pointer to the input that is wrong`(input: String, pointer: String) {
        let text = #"{"code": "x", "inputs": [{"name": "first", "text": ""}, \#(input)]}"#
        #expect(self.pointer(of: text) == "/inputs/1\(pointer)")
    }

    @Test func `is rejected where two inputs have one name, whatever their case`() {
        let text =
            #"{"code": "x", "inputs": [{"name": "A.csv", "text": ""}, {"name": "a.CSV", "text": ""}]}"#
        #expect(pointer(of: text) == "/inputs/1/name")
    }

    @Test func `may be nested 32 deep and no deeper`() {
        // Each opens one level inside the event's own, and is then only an unknown field.
        let deep = { (levels: Int) in
            #"{"code": "x", "y": \#(String(repeating: "[", count: levels))\#(String(repeating: "]", count: levels))}"#
        }
        #expect(pointer(of: deep(31)) == "/y")
        #expect(pointer(of: deep(32)) == "")
        #expect(pointer(of: deep(5000)) == "")
    }

    @Test(arguments: [
        [0xFF], [0x7B, 0x22, 0xC3, 0x28, 0x22, 0x7D], [0xED, 0xA0, 0x80],
        // `{}` and more in UTF-16 and UTF-32, which a lenient parser would guess.
        [0x7B, 0, 0x7D, 0], [0, 0x7B, 0, 0x7D], [0x7B, 0, 0, 0, 0x7D, 0, 0, 0],
        [0xFF, 0xFE, 0x7B, 0, 0x7D, 0],
    ])
    func `is rejected as a whole where it is not UTF-8`(payload: [UInt8]) {
        let rejection = #expect(throws: Rejection.self) {
            try EventDecoder(limits: Limits()).decode(payload)
        }
        #expect(rejection?.pointer == "")
    }

    @Test func `is held against the deployment's own limits, and says them`() throws {
        var limits = Limits()
        limits.wallSeconds = 3
        let rejection = #expect(throws: Rejection.self) {
            try EventDecoder(limits: limits).decode(
                Array(#"{"code": "x", "limits": {"wallSeconds": 4}}"#.utf8)
            )
        }
        #expect(rejection?.pointer == "/limits/wallSeconds")
        #expect(rejection?.message.contains("at most 3") == true)
    }

    @Test func `says which fields are known where one is not`() {
        let rejection = #expect(throws: Rejection.self) {
            try decode(#"{"code": "x", "inputz": []}"#)
        }
        #expect(rejection?.message.contains("inputs") == true)
    }

    @Test func `says all fields of an input that are known, given or not`() {
        let rejection = #expect(throws: Rejection.self) {
            try decode(#"{"code": "x", "inputs": [{"name": "a", "text": "", "path": "b"}]}"#)
        }
        #expect(
            rejection?.message
                == "is not a known field; known here: base64, name, s3, text"
        )
    }

    // MARK: -

    private func decode(_ text: String) throws -> Event {
        try EventDecoder(limits: Limits()).decode(Array(text.utf8))
    }

    private func request(_ text: String) throws -> RunRequest {
        guard case .run(let request) = try decode(text) else {
            throw Rejection(at: "", "is no run")
        }
        return request
    }

    private func pointer(of text: String) -> String? {
        do {
            _ = try decode(text)
            return nil
        } catch {
            return (error as? Rejection)?.pointer
        }
    }
}

@Suite("Limits")
struct LimitsTests {
    @Test func `are lowered where a request says so and stay elsewhere`() {
        let limits = Limits().lowered(by: RequestedLimits(wallSeconds: 2))
        #expect(limits.wallSeconds == 2)
        #expect(limits.cpuSeconds == 25)
        let others = Limits().lowered(by: RequestedLimits(cpuSeconds: 3, memoryMB: 17))
        #expect([others.wallSeconds, others.cpuSeconds, others.memoryMB] == [25, 3, 17])
    }

    @Test(arguments: [(5, 25, 5), (30, 25, 25), (0, 25, 0), (-1, 25, 0)])
    func `hold a script's time down to the wall limit`(seconds: Int, wall: Int, expected: Int) {
        var limits = Limits()
        limits.wallSeconds = wall
        let job = Job(RunRequest(code: "x"), inputs: [], limits: limits)
        let now = ContinuousClock.now
        #expect(job.wallTime(from: now, until: now + .seconds(seconds)) == .seconds(expected))
        #expect(job.wallTime(from: now, until: nil) == .seconds(wall))
    }
}
