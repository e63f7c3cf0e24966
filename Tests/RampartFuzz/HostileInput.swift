/// Makes input that is nearly right, in ways that parsers trip over.
package struct HostileInput {
    package var random: SeededGenerator

    package init(seed: Int) { random = SeededGenerator(seed: seed) }

    /// Returns an event's payload: fields that are known or nearly so, with values of any type; sometimes with
    /// bytes changed, cut off or added.
    package mutating func event() -> [UInt8] {
        var members = object(Self.eventFields, depth: 0)
        if !random.once(in: 8) { members.append("\"code\":\(string())") }
        return damaged(Array("{\(members.joined(separator: ","))}".utf8), once: 3)
    }

    /// Returns the bytes of a report pipe.
    package mutating func report() -> [UInt8] {
        if random.once(in: 300) { return flood() }
        var bytes: [UInt8] = []
        for _ in 0..<random.count(upTo: 8) {
            let kind = random.pick(Self.kinds)
            let status = random.pick(["completed", "failed", "killed", ""])
            let members =
                object(Self.frameFields, depth: 0) + [
                    "\"kind\":\"\(kind)\"", "\"status\":\"\(status)\"",
                ]
            let body = damaged(Array("{\(members.joined(separator: ","))}".utf8), once: 12)
            var length = UInt32(body.count)
            if random.once(in: 30) { length = UInt32.random(in: .min ... .max, using: &random) }
            bytes += frame(body, length)
        }
        return damaged(bytes, once: 8)
    }

    /// Charts and their descriptions under names that Unicode calls equal, and text that it takes long to put in
    /// order; now and then as much as makes whoever compares it take minutes.
    private mutating func flood() -> [UInt8] {
        let isLarge = random.once(in: 100)
        let marks = String(repeating: "\u{327}\u{301}", count: isLarge ? 200_000 : 60)
        let member =
            random.once(in: 4)
            ? #""\#(marks)":1"# : #""\#(random.pick(["kind", "limit", "name"]))":"\#(marks)""#
        let text = Array(#"{"kind":"error",\#(member)}"#.utf8)
        let charts: [UInt8] = (0..<(isLarge ? 12_000 : 60)).flatMap { number in
            let kind = random.pick(["chart", "chart", "chart", "description"])
            let letters = String(repeating: random.pick(["é", "e\u{301}"]), count: 40)
            let body = #"{"kind":"\#(kind)","name":"\#(letters)\#(number / 2)","alt":"\#(number)"}"#
            return frame(Array(body.utf8), UInt32(body.utf8.count))
        }
        return charts + frame(text, UInt32(text.count))
    }

    /// Returns a report of megabytes: frames as large as they may be, of small values all alike.
    package mutating func weight() -> [UInt8] {
        var bytes: [UInt8] = []
        let most = Int.random(in: 1 << 20..<8 << 20, using: &random)
        let size = random.pick([1 << 8, 1 << 14, (1 << 20) - 64])
        let (start, end) = random.pick(Self.wrappings)
        let piece = Array(random.pick(Self.pieces).utf8)
        while bytes.count < most {
            let count = max(1, (size - start.utf8.count - end.utf8.count) / (piece.count + 1))
            let list = Array(repeating: piece, count: count).joined(separator: ",".utf8)
            let body = Array(start.utf8) + list + Array(end.utf8)
            bytes += frame(body, UInt32(body.count))
        }
        let last = Array(
            #"{"kind":"end","status":"\#(random.pick(["completed", "failed"]))"}"#.utf8
        )
        return bytes + frame(last, UInt32(last.count))
    }

    private func frame(_ body: [UInt8], _ length: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + body
    }

    private mutating func object(_ names: [String], depth: Int) -> [String] {
        (0..<random.count(upTo: 5)).map { _ in
            "\"\(random.pick(names))\":\(value(names, depth + 1))"
        }
    }

    private mutating func value(_ names: [String], _ depth: Int) -> String {
        switch random.count(upTo: depth < 5 ? 9 : 6) {
        case 0: return "null"
        case 1: return random.once(in: 2) ? "true" : "false"
        case 2, 3: return random.pick(Self.numbers)
        case 4, 5, 6: return string()
        case 7:
            return
                "[\((0..<random.count(upTo: 3)).map { _ in value(names, depth + 1) }.joined(separator: ","))]"
        case 8 where random.once(in: 10):
            let levels = random.pick([30, 31, 32, 33, 200, 511, 600])
            return String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        default: return "{\(object(names, depth: depth).joined(separator: ","))}"
        }
    }

    private mutating func string() -> String { "\"\(random.pick(Self.strings))\"" }

    private mutating func damaged(_ bytes: [UInt8], once: Int) -> [UInt8] {
        guard random.once(in: once), !bytes.isEmpty else { return bytes }
        var bytes = bytes
        for _ in 0...random.count(upTo: 3) {
            let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
            switch random.count(upTo: 4) {
            case 0 where !bytes.isEmpty:
                bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            case 1 where !bytes.isEmpty: bytes.remove(at: place)
            case 2: bytes.insert(random.pick(Self.bytes), at: min(place, bytes.count))
            case 3: bytes.removeLast(min(bytes.count, random.count(upTo: 4)))
            default: bytes += bytes.prefix(random.count(upTo: 16))
            }
        }
        return bytes
    }

    private static let eventFields = [
        "code", "inputs", "chart", "limits", "transcript", "store", "seed", "capabilities",
        "selfTest", "name", "text",
        "base64", "s3", "bucket", "key", "versionId", "etag", "format", "width", "height", "dpi",
        "wallSeconds",
        "cpuSeconds", "memoryMB", "prefix", "inline", "put", "url", "headers", "", "~", "/", "~1",
        "a/b~c",
        #"~\u0301"#, #"/\u0301"#, #"\u0000"#, "é", "e\u{301}", "\u{212A}ey", "🙂",
    ]
    private static let frameFields = [
        "condition", "name", "line", "value", "error", "alt", "description", "message", "call",
        "count",
        "class", "traceback", "hints", "column", "text", "truncated", "source", "x",
    ]
    private static let kinds = [
        "source", "condition", "condition", "chart", "value", "error", "end", "description", "",
        "signature",
    ]
    private static let wrappings = [
        ("[", "]"),
        (#"{"kind":"condition","condition":{"kind":"warning","message":"m","class":["#, "]}}"),
        (#"{"kind":"condition","condition":{"kind":"warning","message":""#, #""}}"#),
        (#"{"kind":"value","value":{"class":["#, "]}}"),
        (#"{"kind":"value","value":{"class":[],"value":["#, "]}}"),
        (#"{"kind":"value","value":{"class":[],"preview":["#, "]}}"),
        (#"{"kind":"value","value":{"class":[],"rows":1,"columns":[],"preview":["#, "]}}"),
        (#"{"kind":"error","error":{"kind":"parse","message":"m","traceback":["#, "]}}"),
        (#"{"kind":"error","error":{"message":"m","hints":["#, "]}}"),
        (#"{"kind":"description","name":"c","description":{"labels":["#, "]}}"),
        (#"{"kind":"description","name":"c","description":{"layers":["#, "]}}"),
        (#"{"kind":"description","name":"c","description":{"plots":["#, "]}}"),
        (#"{"kind":"source","line":1,"text":""#, #""}"#), (#"{"kind":"advice","advice":""#, #""}"#),
        (#"{"kind":"chart","name":"c","line":1,"x":["#, "]}"),
    ]
    private static let pieces = [
        "1", "[]", "{}", "[[]]", #"{"":{}}"#, #"{"a":[1]}"#, "9e15", "1e300", "null", "\"\"",
        #""x""#,
        #""\u0001\u0001\u0001""#, #"{"call":""}"#, #"{"call":"x","line":1}"#, #"{"geom":null}"#,
        #"{"title":"t"}"#, "x", #"\u0001"#, "é🙂",
    ]
    private static let numbers = [
        "0", "-0", "1", "-1", "16", "25", "36", "64", "600", "1024", "8192", "1.5", "5.0", "1e2",
        "1e400", "-1e400", "1e-400",
        "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "01", "NaN",
    ]
    private static let strings = [
        "", "x", "a.csv", "A.CSV", "..", "a/b", "png", "svg", "AAAA", "AAA", "AA==", "my-bucket",
        "runs/42/", "é", "🙂",
        #"\u0000"#, #"\ud83d\ude42"#, #"\ud83d"#, #"\u0301"#, #"\""#, #"\\"#, #"\q"#, "\n",
        "completed", "failed", "warning",
        "cannot allocate vector of size", "https://a/", String(repeating: "n", count: 129),
    ]
    private static let bytes: [UInt8] =
        Array("{}[]\",:\\/ 0e-".utf8) + [0, 0x80, 0xC0, 0xE2, 0xF0, 0xFF]
}
