/// A JSON value, for what has no fixed shape: an event before it is checked, an envelope before it is sent.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
    /// A part that is encoded already; a document that was parsed has none.
    case encoded(EncodedJSON)

    /// Parses one JSON document.
    ///
    /// - Parameters:
    ///   - bytes: the document, in UTF-8.
    ///   - most: how deep its arrays and objects may lie within each other.
    ///   - nodes: how many values and names it may hold; those that it holds are taken off.
    /// - Throws: ``TooDeep``, ``TooMany``, or an error that says what is wrong and where.
    package init(
        parsing bytes: [UInt8],
        nestedAtMost most: Int = 512,
        spending nodes: inout Int
    ) throws {
        self = try JSONParser.parse(bytes, nestedAtMost: most, spending: &nodes)
    }

    /// Parses one JSON document that may hold any number of values.
    ///
    /// - Throws: ``TooDeep``, or an error that says what is wrong and where.
    package init(parsing bytes: [UInt8], nestedAtMost most: Int = 512) throws {
        var nodes = Int.max
        try self.init(parsing: bytes, nestedAtMost: most, spending: &nodes)
    }

    /// A document that is nested deeper than it may be.
    package struct TooDeep: Error {}

    /// A document of more values and names than it may hold.
    package struct TooMany: Error {}

    /// Returns the document's bytes: compact UTF-8, keys in order.
    package func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }

    /// The member of that name, where this is an object that has it.
    package subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    /// The string, where this is one.
    package var stringValue: String? {
        if case .string(let string) = self { string } else { nil }
    }

    /// The string, where it is a word: short enough to be compared or looked up, whoever chose it.
    ///
    /// Swift compares text in Unicode's order of combining marks, which of a million takes minutes to find.
    package var wordValue: String? {
        stringValue.flatMap { $0.utf8.count <= Self.mostInWord ? $0 : nil }
    }

    private static let mostInWord = 64

    /// The whole number, where this is one; `5.0` counts.
    package var integerValue: Int64? {
        switch self {
        case .integer(let integer): integer
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// The truth value, where this is one.
    package var boolValue: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    /// The elements, where this is an array.
    package var arrayValue: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members, where this is an object.
    package var objectValue: [String: JSONValue]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// What a person calls this kind of value.
    package var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        case .encoded: "a document"
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }

    /// `null` where there is no value.
    package init(_ string: String?) { self = string.map(JSONValue.string) ?? .null }

    /// `null` where there is no value.
    package init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }

    /// `null` where there is no value.
    package init(_ part: EncodedJSON?) { self = part.map(JSONValue.encoded) ?? .null }

    package init(_ strings: [String]) { self = .array(strings.map(JSONValue.string)) }
}
