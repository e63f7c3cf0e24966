/// The error that a worker reported, brought to the contract's shape.
enum ScriptError {
    /// Returns the reported error with every field of the contract, and no other.
    static func checked(_ reported: JSONValue?) -> JSONValue {
        let isParse = reported?["kind"]?.wordValue == "parse"
        let message = reported?["message"]?.stringValue ?? "R raised an error"
        var fields: [String: JSONValue] = [:]
        for (name, isRightType) in types {
            if let value = reported?[name], isRightType(value) { fields[name] = value }
        }
        fields["traceback"] = .array((reported?["traceback"]?.arrayValue ?? []).compactMap(frame))
        return Outcome.error(isParse ? "parse" : "runtime", message, fields)
    }

    static func relabelled(_ error: JSONValue, as kind: String) -> JSONValue {
        var fields = error.objectValue ?? [:]
        fields["kind"] = .string(kind)
        return .object(fields)
    }

    /// One frame of a traceback; nil where it names no call.
    private static func frame(_ reported: JSONValue) -> JSONValue? {
        guard let call = reported["call"]?.stringValue else { return nil }
        let line = reported["line"]?.integerValue
        return ["call": .string(call), "line": line.map(JSONValue.integer) ?? .null]
    }

    private static let types: [(name: String, isRightType: @Sendable (JSONValue) -> Bool)] = [
        ("class", { $0.arrayValue?.allSatisfy { $0.stringValue != nil } ?? false }),
        ("call", { $0.stringValue != nil }),
        ("line", { $0.integerValue != nil }),
        ("column", { $0.integerValue != nil }),
        ("hints", { $0.arrayValue?.allSatisfy { $0.stringValue != nil } ?? false }),
        ("source", { $0.stringValue != nil }),
        ("truncated", { $0.boolValue != nil }),
    ]
}

extension Limits {
    /// Says in a sentence which bound was exceeded, and what to do.
    func sentence(for limit: LimitName) -> String {
        switch limit {
        case .wall:
            "the script ran longer than \(wallSeconds) s: make it do less" + raising(.wall)
        case .cpu:
            "the script used more than \(cpuSeconds) s of CPU time: make it do less" + raising(.cpu)
        case .memory:
            "the script grew by more than \(memoryMB) MB: use less data at once" + raising(.memory)
        case .output: "the script printed more than \(outputMB) MB: print less"
        case .processes: "the script started too many processes or threads: start none"
        }
    }

    /// What a request can do besides; the deployment's own limits are not a request's to raise.
    private func raising(_ limit: LimitName) -> String {
        switch limit {
        case _ where !lowered.contains(limit): ""
        case .wall: ", or raise limits.wallSeconds"
        case .cpu: ", or raise limits.cpuSeconds"
        case .memory: ", or raise limits.memoryMB"
        case .output, .processes: ""
        }
    }
}
