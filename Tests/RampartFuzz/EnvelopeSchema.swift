import Foundation
package import RampartCore

/// `docs/envelope.schema.json`, and whether an envelope is as it says; fields that it does not name count as wrong.
package struct EnvelopeSchema: Sendable {
    private let root: JSONValue

    /// Reads the schema of this checkout.
    package static let current = Result {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let file = folder.appending(path: "../../docs/envelope.schema.json")
        return EnvelopeSchema(root: try JSONValue(parsing: [UInt8](try Data(contentsOf: file))))
    }

    /// Returns the names of the fields of a definition.
    package func fields(of definition: String) -> Set<String> {
        Set((root["$defs"]?[definition]?["properties"]?.objectValue ?? [:]).keys)
    }

    /// Returns the names of the fields that a definition requires, in order.
    package func required(in definition: String) -> [String] {
        (root["$defs"]?[definition]?["required"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// Returns what is wrong with an envelope; nil: nothing.
    package func problem(with envelope: JSONValue) -> String? {
        problem(with: envelope, by: root, at: "")
    }

    private func problem(with value: JSONValue, by schema: JSONValue, at path: String) -> String? {
        guard case .object(let rules) = schema else {
            return schema == .bool(false) ? "\(path) must not be there" : nil
        }
        for (rule, wanted) in rules {
            let problem =
                ofOneValue(value, rule, wanted, rules, path)
                ?? ofParts(value, rule, wanted, rules, path)
                ?? ofOthers(value, rule, wanted, rules, path)
            if let problem { return problem }
        }
        return nil
    }

    /// The rules of a value as such.
    private func ofOneValue(
        _ value: JSONValue,
        _ rule: String,
        _ wanted: JSONValue,
        _ rules: [String: JSONValue],
        _ path: String
    ) -> String? {
        let holds =
            switch (rule, value) {
            case ("type", _):
                (wanted.arrayValue ?? [wanted]).compactMap(\.stringValue)
                    .contains { Self.has(value, type: $0) }
            case ("enum", _): wanted.arrayValue?.contains(value) == true
            case ("const", _): value == wanted
            case ("minimum", .integer(let number)): number >= wanted.integerValue ?? .max
            case ("minLength", .string(let text)):
                text.unicodeScalars.count >= wanted.integerValue ?? .max
            case ("pattern", .string(let text)): Self.matches(text, wanted.stringValue ?? "")
            case ("maxItems", .array(let elements)): elements.count <= wanted.integerValue ?? 0
            case ("uniqueItems", .array(let elements)): Set(elements).count == elements.count
            default: true
            }
        return holds ? nil : "\(path) breaks \(rule)"
    }

    /// The rules of elements and members.
    private func ofParts(
        _ value: JSONValue,
        _ rule: String,
        _ wanted: JSONValue,
        _ rules: [String: JSONValue],
        _ path: String
    ) -> String? {
        switch (rule, value) {
        case ("items", .array(let elements)):
            return elements.enumerated().lazy.compactMap {
                problem(with: $0.element, by: wanted, at: "\(path)/\($0.offset)")
            }.first
        case ("required", .object(let members)):
            let missing = (wanted.arrayValue ?? []).compactMap(\.stringValue).first {
                members[$0] == nil
            }
            return missing.map { "\(path) has no \($0)" }
        case ("properties", .object(let members)):
            for (name, member) in members {
                if let schema = wanted[name] {
                    if let found = problem(with: member, by: schema, at: "\(path)/\(name)") {
                        return found
                    }
                } else if rules["type"] != nil, rules["additionalProperties"] == nil {
                    return "\(path) has an unknown \(name.prefix(40))"
                }
            }
            return nil
        case ("additionalProperties", .object(let members)):
            let known = rules["properties"]?.objectValue ?? [:]
            return members.lazy.filter { known[$0.key] == nil }.compactMap {
                problem(with: $0.value, by: wanted, at: "\(path)/\($0.key.prefix(40))")
            }.first
        default: return nil
        }
    }

    /// The rules that are made of others.
    private func ofOthers(
        _ value: JSONValue,
        _ rule: String,
        _ wanted: JSONValue,
        _ rules: [String: JSONValue],
        _ path: String
    ) -> String? {
        let problems = { (wanted.arrayValue ?? []).map { problem(with: value, by: $0, at: path) } }
        switch rule {
        case "$ref":
            let name = (wanted.stringValue ?? "").split(separator: "/").last.map(String.init) ?? ""
            return problem(with: value, by: root["$defs"]?[name] ?? false, at: path)
        case "allOf": return problems().compactMap(\.self).first
        case "anyOf": return problems().contains(nil) ? nil : problems().last ?? nil
        case "oneOf":
            return problems().count { $0 == nil } == 1 ? nil : "\(path) is not one of a kind"
        case "not":
            return problem(with: value, by: wanted, at: path) == nil ? "\(path) is excluded" : nil
        case "if":
            let isSo = problem(with: value, by: wanted, at: path) == nil
            return rules[isSo ? "then" : "else"].flatMap { problem(with: value, by: $0, at: path) }
        default: return nil
        }
    }

    private static func has(_ value: JSONValue, type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array),
            ("object", .object), ("integer", .integer), ("number", .integer), ("number", .number):
            true
        case ("integer", .number): value.integerValue != nil
        default: false
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil
    }
}
