/// One ordered, bounded list of what happened in a run.
package struct Transcript: Sendable, Hashable {
    package enum Stream: String, Sendable {
        case stdout, stderr
    }

    private enum Entry: Hashable {
        case frame(ReportFrame)
        case text(Stream, String)
    }

    private var entries: [Entry] = []
    private var textBytes = 0
    /// Bytes of a stream that were printed since the last entry.
    private var pending: (stream: Stream, bytes: [UInt8])?
    private var truncated = false

    package init() {}

    /// Takes what was printed; pieces of one stream that follow each other are joined.
    package mutating func take(_ bytes: [UInt8], from stream: Stream) {
        if pending?.stream != stream { flush() }
        let kept = bytes.prefix(max(0, Self.mostTextBytes - textBytes))
        textBytes += kept.count
        truncated = truncated || kept.count < bytes.count
        pending = (stream, (pending?.bytes ?? []) + kept)
    }

    /// Takes a frame of the report: a source line, a condition, a chart, a value or an error.
    package mutating func take(_ frame: ReportFrame) {
        guard Self.json(of: frame) != nil else { return }
        flush()
        append(.frame(frame))
    }

    /// The list: `{kind, …}` each, and as its last entry `{"kind": "truncated"}` where it was cut.
    package var json: [JSONValue] {
        var whole = self
        whole.flush()
        return whole.entries.compactMap(Self.json)
            + (whole.truncated ? [["kind": "truncated"]] : [])
    }

    private mutating func flush() {
        defer { pending = nil }
        guard let (stream, bytes) = pending, !bytes.isEmpty else { return }
        append(.text(stream, String(decoding: TerminalText.shown(bytes), as: UTF8.self)))
    }

    private mutating func append(_ entry: Entry) {
        guard entries.count < Self.mostEntries else {
            truncated = true
            return
        }
        entries.append(entry)
    }

    private static func json(of entry: Entry) -> JSONValue? {
        switch entry {
        case .frame(let frame): json(of: frame)
        case .text(let stream, let text):
            ["kind": .string(stream.rawValue), "text": .string(text)]
        }
    }

    /// Nil for what no transcript has.
    private static func json(of frame: ReportFrame) -> JSONValue? {
        switch frame {
        case .source(let line, let text):
            entry(.source, ["line": JSONValue(line), "text": .string(text)])
        case .condition(let condition): entry(.condition, ["condition": condition.json])
        case .chart(let name, let chart):
            entry(.chart, ["name": .string(name), "line": JSONValue(chart.line)])
        case .value(let value?): entry(.value, ["value": .encoded(value.whole)])
        case .error(let error, _): entry(.error, ["error": error.json])
        case .start, .value(nil), .end, .description, .advice, .shortOfMemory, .useless: nil
        }
    }

    private static func entry(_ kind: ReportFrame.Kind, _ fields: [String: JSONValue]) -> JSONValue
    {
        .object(fields.merging(["kind": .string(kind.rawValue)]) { $1 })
    }

    private static let mostEntries = 1000
    private static let mostTextBytes = 128 << 10
}

extension Transcript {
    package static func == (one: Transcript, other: Transcript) -> Bool {
        one.json == other.json
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(json) }
}
