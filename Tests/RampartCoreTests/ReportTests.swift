import RampartFuzz
import Testing

@testable import RampartCore

@Suite("A report")
struct ReportTests {
    @Test func `takes one frame of each kind`() {
        let report = Report.make(
            [
                "kind": "condition",
                "condition": ["kind": "warning", "message": "w", "call": "f(x)", "line": 2],
            ],
            ["kind": "chart", "name": "chart-001.png", "line": 3],
            ["kind": "value", "value": ["class": ["numeric"]]],
            ["kind": "error", "error": ["message": "no"]],
            ["kind": "advice", "advice": "Print `p`."],
            ["kind": "end", "status": "failed"],
            [
                "kind": "description", "name": "chart-001.png", "alt": "Bars",
                "description": ["title": .null],
            ]
        )
        #expect(
            report.conditions.map(\.json) == [
                ["kind": "warning", "message": "w", "call": "f(x)", "line": 2]
            ]
        )
        #expect(
            report.charts == [
                Array("chart-001.png".utf8): Report.Chart(
                    line: 3,
                    alt: "Bars",
                    description: ChartDescription(["title": .null])
                )
            ]
        )
        #expect(report.value?.whole == EncodedJSON(["class": ["numeric"]]))
        #expect(report.error?.message == "no")
        #expect(report.advice == ["Print `p`."])
        #expect(report.end == .failed)
    }

    @Test(
        arguments: [
            (400, 400), (1, 1), (100_000, 100_000),
            (0, nil), (-1, nil), (100_001, nil), ("400", nil), (.null, nil), ([400], nil),
        ] as [(JSONValue, Int?)]
    )
    func `takes a widget's size where it is one`(claimed: JSONValue, size: Int?) {
        let report = Report.make([
            "kind": "chart", "name": "chart-001.html", "line": 1, "width": claimed, "height": 9,
        ])
        #expect(report.charts.values.first?.width == size)
        #expect(report.charts.values.first?.height == 9)
    }

    @Test(arguments: [
        JSONValue.null, 1, "end", [], ["kind": .null], ["kind": "End", "status": "completed"],
        ["kind": ["end"], "status": "completed"], ["kind": "outcome", "status": "completed"],
        ["status": "completed"],
        ["kind": "source", "line": 1, "text": "x"],
        // Known kinds that lack what they need.
        ["kind": "end"], ["kind": "end", "status": "killed"], ["kind": "end", "status": 1],
        ["kind": "chart"], ["kind": "chart", "name": 1], ["kind": "condition"],
        ["kind": "condition", "condition": "w"],
        ["kind": "condition", "condition": ["message": "w"]],
        ["kind": "condition", "condition": ["kind": "warning"]],
        ["kind": "condition", "condition": ["kind": 1, "message": 2]],
        ["kind": "condition", "condition": ["kind": "signal", "message": "m"]],
        ["kind": "advice"], ["kind": "advice", "advice": ""], ["kind": "advice", "advice": 1],
        ["kind": "chart", "name": .string(String(repeating: "n", count: 256))],
        ["kind": "value"], ["kind": "value", "value": "five"], ["kind": "value", "value": [5]],
        ["kind": "description", "name": "chart-001.png", "alt": "forged"],
    ])
    func `drops a frame that is of no use`(frame: JSONValue) {
        #expect(Report.make(frame) == Report())
    }

    @Test func `compares no text that takes minutes to compare`() {
        let marks = JSONValue.string(String(repeating: "\u{327}\u{301}", count: 200_000))
        var transcript = Transcript()
        for frame: JSONValue in [
            ["kind": marks], ["kind": "end", "status": marks], ["kind": "short", "of": marks],
        ] {
            let report = Report.make(frame)
            #expect(report.end == nil && !report.wasShortOfMemory)
            transcript.take(frame)
        }
        #expect(Report.make(["kind": "error", "limit": marks]).refusedBy == nil)
        #expect(transcript.json.isEmpty)
        // The longest name that is taken.
        let name = JSONValue.string(String(repeating: "\u{327}\u{301}", count: 63))
        let chart: JSONValue = ["kind": "chart", "name": name]
        #expect(Report.make(chart, chart).charts.count == 1)
    }

    @Test func `drops unknown keys of a condition and keeps those of the contract`() {
        let report = Report.make([
            "kind": "condition", "status": "completed",
            "condition": [
                "kind": "message", "message": "m", "line": "three", "call": 4, "secret": "s",
                "count": 1,
            ],
        ])
        #expect(
            report.conditions.map(\.json) == [
                ["kind": "message", "message": "m", "line": .null, "call": .null, "count": 1]
            ]
        )
    }

    @Test func `replaces a condition that is repeated by its count`() {
        let warning = { (message: String, count: Int64) -> JSONValue in
            [
                "kind": "condition",
                "condition": [
                    "kind": "warning", "message": .string(message), "count": .integer(count),
                ],
            ]
        }
        let report = Report.make(
            warning("a", 1),
            warning("a", 2),
            warning("a", 700),
            warning("b", 1),
            warning("a", 2)
        )
        #expect(report.conditions.map(\.count) == [700, 1, 2])
        #expect(report.conditions.map(\.message) == ["a", "b", "a"])
    }

    @Test func `keeps five hundred conditions, and counts the last on`() {
        var report = Report()
        for number in 0..<600 {
            report.take([
                "kind": "condition",
                "condition": ["kind": "message", "message": .string("m\(number)"), "count": 1],
            ])
        }
        #expect(report.conditions.count == 500)
        report.take([
            "kind": "condition", "condition": ["kind": "message", "message": "m499", "count": 9],
        ])
        #expect(report.conditions.count == 500)
        #expect(report.conditions.last?.count == 9)
    }

    @Test func `keeps ten thousand charts, and knows each again`() {
        var report = Report()
        for number in 0..<10_001 { report.take(["kind": "chart", "name": .string("\(number)")]) }
        #expect(report.charts.count == 10_000)
        report.take(["kind": "chart", "name": "9999", "line": 7])
        report.take(["kind": "chart", "name": "10000", "line": 7])
        #expect(report.charts[Array("9999".utf8)]?.line == 7)
        #expect(report.charts.count == 10_000)
    }

    @Test func `tells names apart by their bytes`() {
        let report = Report.make(
            ["kind": "chart", "name": "\u{E9}.png", "line": 1],
            ["kind": "chart", "name": "e\u{301}.png", "line": 2],
            ["kind": "description", "name": "e\u{301}.png", "alt": "A"]
        )
        #expect(report.charts[Array("\u{E9}.png".utf8)] == Report.Chart(line: 1))
        #expect(report.charts[Array("e\u{301}.png".utf8)] == Report.Chart(line: 2, alt: "A"))
    }

    @Test func `ends once, and what comes after cannot change how`() {
        let report = Report.make(
            ["kind": "error", "error": ["message": "first"]],
            ["kind": "end", "status": "failed"],
            ["kind": "error", "error": ["message": "second"]],
            ["kind": "end", "status": "completed"]
        )
        #expect(report.end == .failed)
        #expect(report.error?.message == "first")
    }

    @Test func `is not completed without an end`() {
        #expect(
            Report.make(["kind": "value", "value": [:]], ["kind": "chart", "name": "c"]).end == nil
        )
    }

    @Test func `describes the last page of a name`() {
        let report = Report.make(
            ["kind": "chart", "name": "c", "line": 1],
            ["kind": "chart", "name": "c", "line": 2],
            ["kind": "description", "name": "c", "alt": 5, "description": "text"],
            ["kind": "description", "name": "c", "alt": "A", "description": [:]]
        )
        #expect(
            report.charts == [
                Array("c".utf8): Report.Chart(line: 2, alt: "A", description: ChartDescription([:]))
            ]
        )
    }

    @Test func `keeps five sentences of advice`() {
        var report = Report()
        for number in 0..<9 { report.take(["kind": "advice", "advice": .string("\(number)")]) }
        #expect(report.advice == ["0", "1", "2", "3", "4"])
    }

    @Test func `cuts what is too long, and says so of a message`() {
        let long = JSONValue.string(String(repeating: "é", count: 10_000))
        let report = Report.make(
            [
                "kind": "condition",
                "condition": ["kind": "warning", "message": long, "call": long],
            ],
            [
                "kind": "error",
                "error": [
                    "message": long, "class": .array(Array(repeating: "c", count: 99)),
                    "hints": .array(Array(repeating: long, count: 9)),
                ],
            ]
        )
        #expect(report.conditions.first?.message.utf8.count == 8192)
        #expect(report.conditions.first?.isCut == true)
        #expect(report.conditions.first?.call?.utf8.count == 1024)
        #expect(report.error?.isCut == true)
        #expect(report.error?.classes.count == 20)
        #expect(report.error?.hints.map(\.utf8.count) == [2048, 2048, 2048, 2048, 2048])
    }

    @Test(
        arguments: [
            .string("3"), .number(1.5), .null, .bool(true), .number(1e300), 0, -5,
            .integer(.min), .integer(.max),
        ] as [JSONValue]
    )
    func `has no line where none was told`(line: JSONValue) {
        #expect(
            Report.make(["kind": "chart", "name": "c", "line": line]).charts.values.first?.line
                == nil
        )
    }
}

@Suite("The report pipe")
struct ReportDecoderTests {
    @Test func `holds frames one after the other`() {
        var decoder = ReportDecoder()
        let frames = decoder.frames(in: frame(Self.a) + frame(Self.b))
        #expect(frames == [a, b])
        #expect(!decoder.isBroken)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 11, 64])
    func `may be read in pieces of any size`(size: Int) {
        let texts = [Self.a, #"{"kind":"é🙂"}"#, "1", Self.b]
        let bytes = texts.flatMap(frame)
        var decoder = ReportDecoder()
        var frames: [ReportFrame] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            frames += decoder.frames(in: Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(frames == [a, .useless, .useless, b])
    }

    @Test func `gives no frame before its last byte`() {
        let bytes = frame(Self.a)
        var decoder = ReportDecoder()
        #expect(decoder.frames(in: Array(bytes.dropLast())) == [])
        #expect(decoder.frames(in: []) == [])
        #expect(decoder.frames(in: Array(bytes.suffix(1))) == [a])
    }

    @Test func `gives one frame at a time`() {
        var decoder = ReportDecoder()
        decoder.take(frame(Self.a) + frame(Self.b) + frame("[") + frame(Self.a))
        #expect(decoder.next() == a)
        #expect(decoder.next() == b)
        // What comes after is not looked at before it is asked for.
        #expect(!decoder.isBroken)
        #expect(decoder.next() == nil)
        #expect(decoder.isBroken)
    }

    @Test(arguments: [
        // The body is no JSON document: empty, cut, two of them, not UTF-8, in UTF-16.
        [0, 0, 0, 0], [1, 0, 0, 0, 0x7B], [2, 0, 0, 0, 0x31, 0x7B], [3, 0, 0, 0, 0x22, 0xFF, 0x22],
        [4, 0, 0, 0, 0x7B, 0, 0x7D, 0],
        // Nested deeper than the envelope's encoder might take.
        [130, 0, 0, 0] + [UInt8](repeating: 0x5B, count: 65) + [UInt8](repeating: 0x5D, count: 65),
        // Larger than a frame may be, by one and by all.
        [1, 0, 0x10, 0], [0xFF, 0xFF, 0xFF, 0xFF],
    ])
    func `is not read beyond a frame that is malformed or too large`(bad: [UInt8]) {
        var decoder = ReportDecoder()
        #expect(decoder.frames(in: frame(Self.a) + bad + frame(Self.b)) == [a])
        #expect(decoder.isBroken)
        #expect(decoder.frames(in: frame(Self.b)) == [])
    }

    @Test func `may hold a frame of a mebibyte`() {
        let body = "\"" + String(repeating: "x", count: ReportDecoder.frameMax - 2) + "\""
        var decoder = ReportDecoder()
        #expect(decoder.frames(in: frame(body)).count == 1)
        #expect(!decoder.isBroken)
    }

    @Test func `may hold eight mebibytes and not one byte more`() {
        let quarter = frame("\"" + String(repeating: "x", count: (256 << 10) - 6) + "\"")
        #expect(quarter.count == 256 << 10)
        var decoder = ReportDecoder()
        var count = 0
        for _ in 0..<32 { count += decoder.frames(in: quarter).count }
        #expect(count == 32)
        #expect(!decoder.isBroken)
        #expect(decoder.frames(in: [0]) == [])
        #expect(decoder.isBroken)
    }

    // MARK: - Budgets

    @Test func `drops a frame of too many values, and reads what follows`() {
        let values = Array(repeating: "1", count: 1 << 16).joined(separator: ",")
        var decoder = ReportDecoder()
        let heavy = frame(#"{"kind":"value","value":{"class":[\#(values)]}}"#)
        #expect(decoder.frames(in: heavy + frame(Self.b)) == [.useless, b])
        #expect(!decoder.isBroken)
    }

    @Test func `counts names as well as values`() {
        let members = (0..<(1 << 15)).map { "\"\($0)\":1" }.joined(separator: ",")
        var decoder = ReportDecoder()
        #expect(decoder.frames(in: frame("{\(members)}")) == [.useless])
        var nodes = 1 << 16
        #expect(throws: JSONValue.TooMany.self) {
            try JSONValue(parsing: Array("{\(members)}".utf8), spending: &nodes)
        }
        #expect(nodes == 0)
    }

    @Test func `is not read beyond two million values`() {
        let heavy = frame("[" + Array(repeating: "1", count: 65_000).joined(separator: ",") + "]")
        var decoder = ReportDecoder()
        var count = 0
        while !decoder.isBroken, count < 64 { count += decoder.frames(in: heavy).count }
        #expect(count == (1 << 21) / 65_001)
        #expect(decoder.isBroken)
    }

    private static let a = #"{"kind":"end","status":"completed"}"#
    private static let b = #"{"kind":"advice","advice":"é🙂"}"#
    private let a = ReportFrame.end(.completed)
    private let b = ReportFrame.advice("é🙂")

    private func frame(_ text: String) -> [UInt8] {
        let length = UInt32(text.utf8.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(text.utf8)
    }
}
