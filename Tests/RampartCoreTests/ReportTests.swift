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
            ["kind": "end", "status": "failed"],
            [
                "kind": "description", "name": "chart-001.png", "alt": "Bars",
                "description": ["title": .null],
            ]
        )
        #expect(
            report.conditions == [["kind": "warning", "message": "w", "call": "f(x)", "line": 2]]
        )
        #expect(
            report.charts == [
                Array("chart-001.png".utf8): Report.Chart(
                    line: 3,
                    alt: "Bars",
                    description: ["title": .null]
                )
            ]
        )
        #expect(report.value == ["class": ["numeric"]])
        #expect(report.error == ["message": "no"])
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
        #expect(transcript.json().arrayValue?.isEmpty == true)
        let chart: JSONValue = ["kind": "chart", "name": marks]
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
            report.conditions == [
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
        #expect(report.conditions.map { $0["count"] } == [700, 1, 2])
        #expect(report.conditions.map { $0["message"] } == ["a", "b", "a"])
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
        #expect(report.conditions.last?["count"] == 9)
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
        #expect(report.error == ["message": "first"])
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
                Array("c".utf8): Report.Chart(line: 2, alt: "A", description: [:])
            ]
        )
    }

    @Test(arguments: [JSONValue.string("3"), .number(1.5), .null, .bool(true), .number(1e300)])
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
        let frames = decoder.frames(in: frame(#"{"kind":"a"}"#) + frame(#"{"kind":"b"}"#))
        #expect(frames == [["kind": "a"], ["kind": "b"]])
        #expect(!decoder.isBroken)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 11, 64])
    func `may be read in pieces of any size`(size: Int) {
        let texts = [#"{"kind":"a"}"#, #"{"kind":"é🙂"}"#, "1", #""""#]
        let bytes = texts.flatMap(frame)
        var decoder = ReportDecoder()
        var frames: [JSONValue] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            frames += decoder.frames(in: Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(frames == [["kind": "a"], ["kind": "é🙂"], 1, ""])
    }

    @Test func `gives no frame before its last byte`() {
        let bytes = frame(#"{"kind":"a"}"#)
        var decoder = ReportDecoder()
        #expect(decoder.frames(in: Array(bytes.dropLast())) == [])
        #expect(decoder.frames(in: []) == [])
        #expect(decoder.frames(in: Array(bytes.suffix(1))) == [["kind": "a"]])
    }

    @Test func `gives one frame at a time`() {
        var decoder = ReportDecoder()
        decoder.take(frame("1") + frame("2") + frame("[") + frame("3"))
        #expect(decoder.next() == 1)
        #expect(decoder.next() == 2)
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
        #expect(decoder.frames(in: frame("1") + bad + frame("2")) == [1])
        #expect(decoder.isBroken)
        #expect(decoder.frames(in: frame("3")) == [])
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

    private func frame(_ text: String) -> [UInt8] {
        let length = UInt32(text.utf8.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array(text.utf8)
    }
}
