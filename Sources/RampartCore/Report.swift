/// What a worker said about its own run: a claim, bounded and checked, never believed about anything else.
package struct Report: Sendable, Hashable {
    package enum End: String, Sendable {
        case completed, failed
    }

    /// A page of the harness's device, or a widget.
    package struct Chart: Sendable, Hashable {
        package let line: Int?
        /// In px; of a widget of a fixed size only.
        package var width: Int?
        package var height: Int?
        package var alt: String?
        package var description: JSONValue = .null
    }

    package private(set) var conditions: [JSONValue] = []
    /// By the bytes of their names: a script chooses these, and what Unicode calls equal takes time to tell.
    package private(set) var charts: [[UInt8]: Chart] = [:]
    package private(set) var value: JSONValue = .null
    package private(set) var error: JSONValue?
    /// The limit that the error came from, where it was a refused allocation or process.
    package private(set) var refusedBy: LimitName?
    /// Nil where no end was reported, and so nothing is known to have completed.
    package private(set) var end: End?
    /// Whether the worker, as it aborted, was refused memory that a thread's stack takes.
    package private(set) var wasShortOfMemory = false

    package init() {}

    /// Takes one frame; other kinds and other keys are dropped.
    package mutating func take(_ frame: JSONValue) {
        switch frame["kind"]?.wordValue {
        case "condition":
            if let condition = frame["condition"].flatMap(Self.checked) {
                take(condition: condition)
            }
        case "chart": claim(frame)
        case "value": value = Self.object(frame["value"])
        case "error" where end == nil:
            error = frame["error"]
            refusedBy = frame["limit"]?.wordValue.flatMap { Self.refusing[$0] }
        case "end" where end == nil:
            end = frame["status"]?.wordValue.flatMap(End.init(rawValue:))
        case "description": describe(frame)
        case "short" where frame["of"]?.wordValue == "memory": wasShortOfMemory = true
        default: break
        }
    }

    private mutating func take(condition: JSONValue) {
        // A repeated condition comes again with its count.
        if let count = condition["count"]?.integerValue, count > 1, let last = conditions.last,
            Self.bytes(last["message"]) == Self.bytes(condition["message"])
        {
            conditions[conditions.count - 1] = condition
        } else if conditions.count < Self.mostConditions {
            conditions.append(condition)
        }
    }

    /// Takes a chart; the last one of a name counts.
    private mutating func claim(_ frame: JSONValue) {
        guard let name = Self.bytes(frame["name"]),
            charts.count < Self.mostCharts || charts[name] != nil
        else { return }
        charts[name] = Chart(
            line: Self.line(frame),
            width: Self.pixels(frame["width"]),
            height: Self.pixels(frame["height"])
        )
    }

    private mutating func describe(_ frame: JSONValue) {
        guard let name = Self.bytes(frame["name"]) else { return }
        charts[name]?.alt = frame["alt"]?.stringValue
        charts[name]?.description = Self.object(frame["description"])
    }

    /// The bytes of a text; nil where it is anything else.
    private static func bytes(_ value: JSONValue?) -> [UInt8]? {
        value?.stringValue.map { Array($0.utf8) }
    }

    private static func line(_ frame: JSONValue) -> Int? {
        frame["line"]?.integerValue.flatMap(Int.init(exactly:))
    }

    private static func pixels(_ value: JSONValue?) -> Int? {
        guard let pixels = value?.integerValue, (1...mostPixels).contains(pixels) else {
            return nil
        }
        return Int(pixels)
    }

    /// The object; null where it is anything else.
    private static func object(_ value: JSONValue?) -> JSONValue {
        value?.objectValue.map(JSONValue.object) ?? .null
    }

    /// The condition with every field of the contract and no unknown one; nil where it lacks its kind or its
    /// message.
    private static func checked(_ condition: JSONValue) -> JSONValue? {
        guard condition["kind"]?.stringValue != nil, condition["message"]?.stringValue != nil else {
            return nil
        }
        var fields = (condition.objectValue ?? [:]).filter { conditionKeys.contains($0.key) }
        fields["call"] = JSONValue(condition["call"]?.stringValue)
        fields["line"] = JSONValue(line(condition))
        return .object(fields)
    }

    /// The limits whose refusal R reports as an error; the others end the worker.
    private static let refusing: [String: LimitName] = ["memory": .memory, "processes": .processes]
    private static let conditionKeys: Set = ["kind", "message", "count", "truncated", "class"]
    private static let mostConditions = 500
    /// As many as a deployment may keep artifacts.
    private static let mostCharts = 10_000
    private static let mostPixels: Int64 = 100_000
}
