package import RampartCore

/// What the doctor found.
package struct DoctorReport: Sendable {
    /// One layer: what it says of itself, and what a probe saw.
    package struct Finding: Sendable {
        package enum Result: String, Sendable {
            case held, reached
            case notTried = "not tried"
        }

        package let layer: Layer
        package let enforcement: Enforcement
        /// What was tried; nil where there is nothing to try.
        package let act: String?
        package let result: Result
        /// What the probe got at, or why there is no answer.
        package let detail: String

        /// Whether the layer claims more than the probe saw.
        package var isBroken: Bool { enforcement == .enforced && result == .reached }
    }

    package let findings: [Finding]
    package let capabilities: Capabilities
    /// Packages and fonts that scripts commonly ask for and that are not there.
    package let missing: [String]

    package var isSound: Bool { !findings.contains(where: \.isBroken) }

    package var json: JSONValue {
        [
            "sound": .bool(isSound),
            "layers": .array(findings.map(\.json)),
            "missing": .array(missing.map(JSONValue.string)),
            "capabilities": capabilities.json,
        ]
    }
}

extension DoctorReport.Finding {
    fileprivate var json: JSONValue {
        let errno: String? = if case .unavailable(let name) = enforcement { name } else { nil }
        return [
            "layer": .string(layer.rawValue),
            "state": .string(enforcement.name),
            "errno": JSONValue(errno),
            "tried": JSONValue(act),
            "result": .string(result.rawValue),
            "detail": .string(detail),
        ]
    }
}
