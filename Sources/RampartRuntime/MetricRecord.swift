import FoundationEssentials
import RampartCore

/// One JSON object that CloudWatch takes metrics from, by its embedded metric format.
///
/// The measures have the function's name as their one dimension; a count of invocations has the status too, of
/// which there are six.
struct MetricRecord {
    enum Unit: String {
        case milliseconds = "Milliseconds"
        case bytes = "Bytes"
        case count = "Count"
    }

    struct Value {
        let name: String
        let unit: Unit
        let number: Double

        init(_ name: String, _ unit: Unit, _ number: Double) {
            self.name = name
            self.unit = unit
            self.number = number
        }
    }

    /// What is not a number: the dimensions, and what queries look for.
    var text: [String: String] = [:]
    var values: [Value] = []

    /// The object on one line.
    var line: String {
        var members = text.mapValues(JSONValue.string)
        for value in values { members[value.name] = .number(value.number) }
        members["Invocations"] = 1
        members["_aws"] = [
            "Timestamp": .integer(Int64(Date.now.timeIntervalSince1970 * 1000)),
            "CloudWatchMetrics": [
                directive([["FunctionName"]], values.map(Self.definition)),
                directive(
                    [["FunctionName", "Status"]],
                    [Self.definition(Value("Invocations", .count, 1))]
                ),
            ],
        ]
        return String(decoding: JSONValue.object(members).encoded(), as: UTF8.self)
    }

    private func directive(_ dimensions: JSONValue, _ metrics: [JSONValue]) -> JSONValue {
        ["Namespace": "Rampart", "Dimensions": dimensions, "Metrics": .array(metrics)]
    }

    private static func definition(_ value: Value) -> JSONValue {
        ["Name": .string(value.name), "Unit": .string(value.unit.rawValue)]
    }
}
