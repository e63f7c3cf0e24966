/// One ordered, bounded list of what happened in a run.
package struct Transcript: Sendable, Hashable {
    package enum Stream: String, Sendable {
        case stdout, stderr
    }

    private var entries: [JSONValue] = []
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
    package mutating func take(_ frame: JSONValue) {
        guard let kind = frame["kind"]?.wordValue, let keys = Self.keys[kind] else { return }
        flush()
        var members = (frame.objectValue ?? [:]).filter { keys.contains($0.key) }
        members["kind"] = .string(kind)
        append(.object(members))
    }

    /// The list: `{kind, …}` each, and as its last entry `{"kind": "truncated"}` where it was cut.
    package func json() -> JSONValue {
        var whole = self
        whole.flush()
        return .array(whole.entries + (whole.truncated ? [["kind": "truncated"]] : []))
    }

    private mutating func flush() {
        defer { pending = nil }
        guard let (stream, bytes) = pending, !bytes.isEmpty else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        append(["kind": .string(stream.rawValue), "text": .string(text)])
    }

    private mutating func append(_ entry: JSONValue) {
        guard entries.count < Self.mostEntries else {
            truncated = true
            return
        }
        entries.append(entry)
    }

    private static let keys: [String: Set<String>] = [
        "source": ["line", "text"],
        "condition": ["condition"],
        "chart": ["name", "line"],
        "value": ["value"],
        "error": ["error"],
    ]
    private static let mostEntries = 1000
    private static let mostTextBytes = 128 << 10
}

extension Transcript {
    package static func == (one: Transcript, other: Transcript) -> Bool {
        one.json() == other.json()
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(json()) }
}
