/// What a worker said about its own run: a claim, bounded and checked, never believed about anything else.
package struct Report: Sendable, Hashable {
    package enum End: String, Sendable {
        case completed, failed
    }

    /// A page of the harness's device.
    package struct Chart: Sendable, Hashable {
        package let name: String
        package let line: Int?
        package var alt: String?
        package var description: JSONValue = .null
    }

    package private(set) var conditions: [JSONValue] = []
    package private(set) var charts: [Chart] = []
    package private(set) var value: JSONValue = .null
    package private(set) var error: JSONValue?
    /// Nil where no end was reported, and so nothing is known to have completed.
    package private(set) var end: End?

    package init() {}

    /// Takes one frame; other kinds and other keys are dropped.
    package mutating func take(_ frame: JSONValue) {
        switch frame["kind"]?.stringValue {
        case "condition" where conditions.count < Self.mostConditions:
            if let condition = frame["condition"] { take(condition: condition) }
        case "chart" where charts.count < Self.mostCharts:
            guard let name = frame["name"]?.stringValue else { return }
            charts.append(Chart(name: name, line: Self.line(frame)))
        case "value": value = frame["value"] ?? .null
        case "error" where end == nil: error = frame["error"]
        case "end" where end == nil:
            end = frame["status"]?.stringValue.flatMap(End.init(rawValue:))
        case "description": describe(frame)
        default: break
        }
    }

    private mutating func take(condition: JSONValue) {
        let kept = Self.only(Self.conditionKeys, of: condition)
        // A repeated condition comes again with its count.
        if let count = condition["count"]?.integerValue, count > 1, let last = conditions.last,
            last["message"] == condition["message"]
        {
            conditions[conditions.count - 1] = kept
        } else {
            conditions.append(kept)
        }
    }

    private mutating func describe(_ frame: JSONValue) {
        let name = frame["name"]?.stringValue
        guard let index = charts.firstIndex(where: { $0.name == name }) else { return }
        charts[index].alt = frame["alt"]?.stringValue
        charts[index].description = frame["description"] ?? .null
    }

    private static func line(_ frame: JSONValue) -> Int? {
        frame["line"]?.integerValue.flatMap(Int.init(exactly:))
    }

    private static func only(_ keys: [String], of value: JSONValue) -> JSONValue {
        .object((value.objectValue ?? [:]).filter { keys.contains($0.key) })
    }

    private static let conditionKeys = [
        "kind", "message", "call", "line", "count", "truncated", "class",
    ]
    private static let mostConditions = 500
    private static let mostCharts = 10_000
}
