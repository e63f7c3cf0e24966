/// An envelope's members, each encoded once, and given up by their sizes where they do not fit.
struct EnvelopeParts {
    /// What may be given up, in this order; the names are those in `truncated`.
    enum Expendable: String, CaseIterable {
        case transcript, value, conditions, descriptions, stderr, stdout, files, charts
        case capabilities, selfTest, engine
    }

    private let stdout: CapturedText
    private let stderr: CapturedText
    private let bareValue: EncodedJSON?
    /// The charts without their descriptions; nil for those that have none.
    private let bareCharts: [[UInt8]?]
    /// By their names: those that are one value, and those that are lists, element by element.
    private var values: [String: [UInt8]]
    private var lists: [String: [[UInt8]]]
    private var truncated: [Expendable] = []
    /// How many bytes all of it takes, and the list of what was given up at its longest.
    private var size = 0

    init(_ envelope: Envelope) {
        stdout = envelope.stdout
        stderr = envelope.stderr
        bareValue = envelope.value?.bare
        bareCharts = envelope.charts.map {
            $0.isDescribed ? $0.json(isDescribed: false).encoded() : nil
        }
        values = Self.values(envelope).mapValues { $0.encoded() }
        lists = Self.lists(envelope).mapValues { $0.map { $0.encoded() } }
        size = Self.mostTruncatedBytes + 2
        for (name, value) in values { size += name.utf8.count + value.count + 4 }
        for (name, list) in lists {
            size += list.reduce(name.utf8.count + 6) { $0 + $1.count + 1 }
        }
    }

    private static func values(_ envelope: Envelope) -> [String: JSONValue] {
        var values: [String: JSONValue] = [
            "version": 1,
            "requestId": .string(envelope.requestID),
            "status": .string(envelope.status.rawValue),
            "value": JSONValue(envelope.value?.whole),
            "stdout": envelope.stdout.json,
            "stderr": envelope.stderr.json,
            "advice": JSONValue(envelope.advice),
            "error": envelope.error?.json ?? .null,
            "limit": envelope.limit.map { ["name": .string($0.rawValue)] } ?? .null,
            "usage": (envelope.usage ?? Usage()).json,
            "leftOut": envelope.leftOut.json,
            "storage": envelope.storage?.json ?? .null,
            "transcript": envelope.transcript.map { .array($0.json) } ?? .null,
            "confinement": envelope.confinement.json,
            "engine": envelope.engine.json,
            "retryable": .bool(envelope.retryable),
        ]
        if let (question, answer) = envelope.answer { values[question.rawValue] = .encoded(answer) }
        return values
    }

    private static func lists(_ envelope: Envelope) -> [String: [JSONValue]] {
        [
            "charts": envelope.charts.map(\.json),
            "files": envelope.files.map(\.json),
            "conditions": envelope.conditions.map(\.json),
        ]
    }

    // MARK: - What does not fit

    /// Gives up what does not fit into so many bytes; what is left then takes less than a megabyte.
    mutating func shrink(to most: Int) {
        for part in Expendable.allCases where size > most {
            let before = size
            give(up: part, bytes: size - most)
            if size < before { truncated.append(part) }
        }
    }

    /// Gives up at least so many bytes of a part, or all of it.
    private mutating func give(up part: Expendable, bytes excess: Int) {
        switch part {
        case .transcript: replace("transcript", with: .null)
        case .value: if let bareValue { replace("value", with: .encoded(bareValue)) }
        case .descriptions: dropDescriptions(freeing: excess)
        case .stderr: cut(stderr, "stderr", freeing: excess)
        case .stdout: cut(stdout, "stdout", freeing: excess)
        case .conditions, .files, .charts: dropLast(of: part.rawValue, freeing: excess)
        case .capabilities, .selfTest: remove(part.rawValue)
        case .engine: replace("engine", with: Engine().json)
        }
    }

    private mutating func replace(_ name: String, with value: JSONValue) {
        let bytes = value.encoded()
        size += bytes.count - (values[name]?.count ?? 0)
        values[name] = bytes
    }

    private mutating func remove(_ name: String) {
        guard let value = values.removeValue(forKey: name) else { return }
        size -= name.utf8.count + value.count + 4
    }

    private mutating func cut(_ text: CapturedText, _ name: String, freeing excess: Int) {
        let held = values[name]?.count ?? 0
        let rest = text.cut(toEncoded: held - excess - CapturedText().json.encoded().count)
        replace(name, with: rest.json)
    }

    private mutating func dropLast(of name: String, freeing excess: Int) {
        var list = lists[name] ?? []
        var freed = 0
        while freed < excess, let last = list.popLast() { freed += last.count + 1 }
        lists[name] = list
        size -= freed
    }

    private mutating func dropDescriptions(freeing excess: Int) {
        var freed = 0
        for (index, bare) in bareCharts.enumerated().reversed() {
            guard freed < excess else { break }
            guard let bare, let chart = lists["charts"]?[index] else { continue }
            freed += chart.count - bare.count
            lists["charts"]?[index] = bare
        }
        size -= freed
    }

    // MARK: - Joining

    /// The envelope: an object of all parts, in the order of their names.
    func joined() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        let names = JSONValue(truncated.map(\.rawValue)).encoded()
        let whole = values.merging(["truncated": names]) { $1 }
        for name in (Array(whole.keys) + lists.keys).sorted() {
            bytes += bytes.isEmpty ? "{".utf8 : ",".utf8
            bytes += "\"\(name)\":".utf8
            if let value = whole[name] {
                bytes += value
            } else {
                append(lists[name] ?? [], to: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private func append(_ list: [[UInt8]], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in list.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += element
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static let mostTruncatedBytes =
        JSONValue(Expendable.allCases.map(\.rawValue)).encoded().count
        + "\"truncated\":,".utf8.count
}
