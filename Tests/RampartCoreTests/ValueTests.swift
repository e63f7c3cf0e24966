import Testing

@testable import RampartCore

@Suite("A deadline")
struct DeadlineTests {
    private let now = ContinuousClock.now

    @Test(arguments: [
        (Int64(10_000), Int64(4_000), Duration.seconds(6)), (4_000, 4_000, .zero),
        (4_000, 10_000, .zero), (0, 1_700_000_000_000, .zero),
        // A day is far enough, whatever a broken clock says; and no sum overflows.
        (90_000_000, 0, .seconds(86_400)), (.max, 0, .seconds(86_400)), (.max, .min, .zero),
        (.min, .max, .zero), (.max, -1, .zero),
    ])
    func `is as far ahead as the platform says, within a day`(
        milliseconds: Int64,
        wallClock: Int64,
        ahead: Duration
    ) {
        let deadline = Deadline(unixMilliseconds: milliseconds, wallClock: wallClock, at: now)
        #expect(now.duration(to: deadline.instant) == ahead)
    }

    @Test(arguments: [
        (3000, 1500, 1500), (1500, 1500, 0), (1000, 1500, 0), (-5, 0, 0), (3000, 0, 3000),
    ])
    func `leaves R what the reserve does not need`(ahead: Int, reserve: Int, budget: Int) {
        let deadline = Deadline(at: now.advanced(by: .milliseconds(ahead)))
        #expect(
            deadline.budget(reserving: .milliseconds(reserve), at: now) == .milliseconds(budget)
        )
    }
}

@Suite("The confinement")
struct ConfinementTests {
    @Test func `is full when every layer but the user holds`() {
        var confinement = Confinement.full
        confinement.layers[.user] = .off
        #expect(confinement.level == "full")
    }

    @Test(arguments: Layer.allCases.filter { $0 != .user })
    func `is partial without any other layer`(layer: Layer) {
        for state in [Enforcement.off, .watched, .unavailable("EPERM")] {
            var confinement = Confinement.full
            confinement.layers[layer] = state
            #expect(confinement.level == "partial")
        }
    }

    @Test func `says every layer by name, and the errno of each that was refused`() throws {
        let confinement = Confinement([
            .shield: .enforced, .syscalls: .unavailable("EPERM"), .network: .watched,
        ])
        let json = confinement.json
        #expect(json["level"] == "partial")
        #expect(json["refused"] == ["syscalls": "EPERM"])
        #expect(
            json["layers"] == [
                "shield": "enforced", "environment": "off", "descriptors": "off", "limits": "off",
                "user": "off",
                "syscalls": "unavailable", "files": "off", "network": "watched", "sweep": "off",
                "oom": "off",
            ]
        )
    }

    @Test func `satisfies what is required of it`() {
        #expect(throws: Never.self) { try Confinement.full.require(Set(Layer.allCases)) }
        #expect(throws: Never.self) { try Confinement().require([]) }
        #expect(throws: Never.self) { try Confinement([.limits: .enforced]).require([.limits]) }
    }

    @Test(arguments: [
        (Enforcement.off, "off"), (.watched, "watched"),
        (.unavailable("ENOSYS"), "unavailable (ENOSYS)"),
    ])
    func `refuses to go on without a layer that is required, and says why`(
        state: Enforcement,
        words: String
    ) {
        var confinement = Confinement.full
        confinement.layers[.sweep] = state
        let fault = #expect(throws: Fault.self) { try confinement.require([.shield, .sweep]) }
        #expect(fault?.kind == .invalidConfiguration)
        #expect(fault?.cause == "the layer sweep is \(words)")
    }

    @Test func `counts a layer that nobody speaks of as off`() {
        let fault = #expect(throws: Fault.self) { try Confinement().require([.oom]) }
        #expect(fault?.cause == "the layer oom is off")
    }
}

@Suite("What is left out")
struct LeftOutTests {
    @Test func `is all counted, and the first twenty named by name`() {
        var leftOut = LeftOut()
        for number in (0..<50).reversed() { leftOut.add("f\(number + 100)", because: .count) }
        #expect(leftOut.count == 50)
        #expect(leftOut.first.map(\.name) == (0..<20).map { "f\($0 + 100)" })
    }

    @Test func `is added up`() {
        var one = LeftOut()
        var other = LeftOut()
        for number in 0..<15 {
            one.add("b\(number + 10)", because: .size)
            other.add("a\(number + 10)", because: .depth)
        }
        one.add(other)
        #expect(one.count == 30)
        #expect(
            one.first.map(\.name) == (0..<15).map { "a\($0 + 10)" } + (0..<5).map { "b\($0 + 10)" }
        )
        #expect(
            one.first.map(\.reason) == [LeftOut.Reason](repeating: .depth, count: 15) + [
                .size, .size, .size, .size, .size,
            ]
        )
    }

    @Test func `gives each its reason`() {
        var leftOut = LeftOut()
        leftOut.add("fifo", because: .kind)
        #expect(leftOut.json == ["count": 1, "first": [["name": "fifo", "reason": "kind"]]])
        #expect(LeftOut().json == ["count": 0, "first": []])
    }
}

@Suite("A JSON value")
struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "1.5",
        #""""#, #""é🙂\n""#,
        "[]", "{}", #"[",]",1]"#, #"{"\\\"":",}"}"#, #"[1,[2,{"a":null}]]"#,
        #"{"a":1,"b":{"c":[true]}}"#, #""/""#,
    ])
    func `comes back from its bytes as it was written`(text: String) throws {
        #expect(try String(decoding: JSONValue(text: text).encoded(), as: UTF8.self) == text)
    }

    @Test func `has its keys in order and no spaces`() throws {
        let bytes = try JSONValue(text: #"{ "b" : 1, "a" : [ 2 ] }"#).encoded()
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"a":[2],"b":1}"#)
    }

    @Test(arguments: [
        "", " ", "{", "nul", "01", "1 2", #"{"a":1,}"#, "[1,]", "'a'", #""\x""#, "\"a\nb\"", "+1",
        ".5", "NaN", "Infinity", "[1, ]", #"{"a":"," , }"#, "[,1]", "{,}", "[1 2]", #"{"a" 1}"#,
        #"{"a":}"#, "{1:2}", "1.", "-", "1e", "1e+", "1e999", "--1", "truefalse", "[true", "\"a",
        #""\"#,
        #""\u12"#, #""\u12g4""#, #""\uD834""#, #""\uDD1E""#, #""\uD834\uD834""#, #""\uD834\n""#,
        "\u{FEFF}1", "1\0", "\"\0\"", "[1}", "}",
    ])
    func `is not made of anything else`(text: String) {
        #expect(throws: (any Error).self) { try JSONValue(text: text) }
    }

    @Test(
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, JSONValue.string("\"\\/\u{8}\u{C}\n\r\t")),
            (#""a\u00e9\uD834\udd1Ez""#, "aé𝄞z"), (#""\u0000""#, "\0"),
            (" [ 1 ,\t2\r\n] ", [1, 2]), ("{ }", [:]), ("[ ]", []),
            ("-0", 0), ("5.0", .number(5)), ("1E2", .number(100)), ("12e-1", .number(1.2)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            (#"{"a":1,"a":2}"#, ["a": 2]),
        ] as [(String, JSONValue)]
    )
    func `is what the document says`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(text: text) == value)
    }

    @Test func `tells where its document is wrong`() {
        #expect(throws: JSONParser.Malformed(reason: "a comma or a bracket is missing", offset: 7))
        {
            try JSONValue(text: #"{"a":1 "b":2}"#)
        }
    }

    @Test(arguments: ["\u{327}\u{301}", #"\u0327\u0301"#, #"\uD834\uDD65\u0301"#])
    func `has no name that takes long to look up`(marks: String) throws {
        let name = { (count: Int) in "\"e" + String(repeating: marks, count: count) + "\"" }
        #expect(throws: (any Error).self) { try JSONValue(text: "{\(name(51)) : 1}") }
        #expect(throws: (any Error).self) { try JSONValue(text: "[{\(name(200_000)):1}]") }
        // Of fewer, and of those in a value, there is no harm.
        #expect(throws: Never.self) { try JSONValue(text: "{\(name(50)):1}") }
        #expect(throws: Never.self) { try JSONValue(text: "{\"a\":\(name(51))}") }
    }

    @Test(arguments: [
        (JSONValue.integer(5), Int64?(5)), (.number(5), 5), (.number(5.5), nil),
        (.number(1e300), nil), (.number(.nan), nil),
        (.string("5"), nil), (.bool(true), nil), (.null, nil),
    ])
    func `is a whole number where nothing is lost`(value: JSONValue, integer: Int64?) {
        #expect(value.integerValue == integer)
    }

    @Test(arguments: [
        (JSONValue.number(.nan), "null"), (.number(.infinity), "null"),
        (.number(-.infinity), "null"),
    ])
    func `is null where JSON has no number for it`(value: JSONValue, text: String) throws {
        #expect(String(decoding: value.encoded(), as: UTF8.self) == text)
    }

    @Test(arguments: [
        ("1", 0), ("[]", 1), ("{}", 1), (#"[1,{"a":[]},2]"#, 3), (#"{"a":{"b":1},"c":2}"#, 2),
        (#"["[[", "\"[{", {"[": "{"}]"#, 2),
    ])
    func `may be as deep as is said, and no deeper`(text: String, depth: Int) throws {
        #expect(throws: Never.self) {
            try JSONValue(parsing: Array(text.utf8), nestedAtMost: depth)
        }
        guard depth > 0 else { return }
        #expect(throws: JSONValue.TooDeep.self) {
            try JSONValue(parsing: Array(text.utf8), nestedAtMost: depth - 1)
        }
    }

    @Test func `is refused where it is nested beyond reason`() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONValue.TooDeep.self) { try JSONValue(text: text) }
    }

    @Test func `tells apart what it is`() throws {
        let value = try JSONValue(text: #"{"s":"x","b":true,"a":[1],"n":null}"#)
        #expect(value["s"]?.stringValue == "x")
        #expect(value["b"]?.boolValue == true)
        #expect(value["a"]?.arrayValue == [1])
        #expect(value["n"] == .null)
        #expect(value["x"] == nil)
        #expect(value["s"]?["x"] == nil)
        #expect(value["a"]?.objectValue == nil)
        #expect(JSONValue(String?.none) == .null)
        #expect(JSONValue(Int?.some(3)) == 3)
    }
}

@Suite("Usage")
struct UsageTests {
    @Test func `is told in whole milliseconds, rounded down`() {
        var usage = Usage()
        usage.wall = .microseconds(2_999_999)
        usage.cpu = .milliseconds(7)
        usage.peakMemoryBytes = 5
        usage.bytesWritten = 6
        usage.phases.run = .seconds(1)
        #expect(usage.json["wallMs"] == 2999)
        #expect(usage.json["cpuMs"] == 7)
        #expect(usage.json["peakMemoryBytes"] == 5)
        #expect(usage.json["bytesWritten"] == 6)
        #expect(
            usage.json["phases"] == [
                "decodeMs": 0, "fetchMs": 0, "startMs": 0, "runMs": 1000, "collectMs": 0,
                "storeMs": 0,
            ]
        )
    }
}

@Suite("A fault")
struct FaultTests {
    @Test func `says what was tried and why it failed, and has a stable name`() {
        let fault = Fault(.zygoteGone, couldNot: "reap the worker", cause: "it is dead")
        #expect("\(fault)" == "could not reap the worker: it is dead")
        #expect(fault.errorType == "Runtime.ZygoteGone")
    }

    @Test func `is named as the platform records names`() {
        for kind in Fault.Kind.allCases {
            #expect(kind.rawValue.hasPrefix("Runtime."))
            #expect(kind.rawValue.dropFirst(8).allSatisfy { $0.isLetter && $0.isASCII })
        }
        #expect(Set(Fault.Kind.allCases.map(\.rawValue)).count == Fault.Kind.allCases.count)
    }
}

@Suite("An artifact's location")
struct LocationTests {
    private static let forms: [(Location, JSONValue)] = [
        (.s3(bucket: "b", key: "k", etag: "e"), ["bucket": "b", "key": "k", "etag": "e"]),
        (.s3(bucket: "b", key: "k", etag: nil), ["bucket": "b", "key": "k", "etag": .null]),
        (.path("out/a"), ["path": "out/a"]), (.inline(base64: "AA=="), ["data": "AA=="]),
        (.url("https://a/k"), ["url": "https://a/k"]),
    ]

    @Test(arguments: forms)
    func `has the form of its store`(location: Location, json: JSONValue) {
        #expect(location.json == json)
    }

    @Test func `is null where the store has not confirmed it`() {
        #expect(StoredArtifact(.make(), at: nil).json["location"] == .null)
        #expect(StoredArtifact(.makeChart(), at: nil).json["location"] == .null)
    }
}
