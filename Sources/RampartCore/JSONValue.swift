import FoundationEssentials

/// A JSON value, for what has no fixed shape: an event before it is checked, an envelope before it is sent.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Parses one JSON document, whose arrays and objects lie at most so deep within each other.
    ///
    /// - Throws: ``TooDeep``; `DecodingError` where the bytes are not JSON in UTF-8.
    package init(parsing bytes: [UInt8], nestedAtMost most: Int = 512) throws {
        if let flaw = try Self.flaw(in: bytes, nestedAtMost: most) {
            let context = DecodingError.Context(codingPath: [], debugDescription: flaw)
            throw DecodingError.dataCorrupted(context)
        }
        self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    }

    /// A document that is nested deeper than it may be.
    package struct TooDeep: Error {}

    /// What is wrong though Foundation's parser takes it: a NUL, for it reads UTF-16 and UTF-32 too, and a
    /// comma with nothing after it.
    ///
    /// The depth is seen here too, for the decoder takes time that is quadratic in it; and so are names, for it
    /// looks them up.
    private static func flaw(in bytes: [UInt8], nestedAtMost most: Int) throws(TooDeep) -> String? {
        var depth = 0
        var isInString = false
        var isEscaped = false
        var isAfterComma = false
        var string = 0..<0
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0: return "it holds a NUL"
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isInString: isEscaped = true
            case UInt8(ascii: "\""):
                string = isInString ? string.lowerBound..<index + 1 : index..<index
                isInString.toggle()
                isAfterComma = false
            case _ where isInString: continue
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                guard depth <= most else { throw TooDeep() }
                isAfterComma = false
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if isAfterComma { return "a comma has nothing after it" }
                depth -= 1
            case 0x09, 0x0A, 0x0D, 0x20: continue
            case UInt8(ascii: ":"):
                if CombiningMarks.areMany(in: bytes[string]) { return "a name of combining marks" }
                string = 0..<0
                isAfterComma = false
            default: isAfterComma = byte == UInt8(ascii: ",")
            }
        }
        return nil
    }

    /// Returns the document's bytes: compact UTF-8, keys in order.
    package func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self))
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
        }
    }
}

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: MemberKey.self) {
            var object: [String: JSONValue] = [:]
            for key in members.allKeys {
                object[key.stringValue] = try members.decode(JSONValue.self, forKey: key)
            }
            self = .object(object)
            return
        }
        if var elements = try? decoder.unkeyedContainer() {
            var array: [JSONValue] = []
            while !elements.isAtEnd { array.append(try elements.decode(JSONValue.self)) }
            self = .array(array)
            return
        }
        let scalar = try decoder.singleValueContainer()
        if scalar.decodeNil() {
            self = .null
        } else if let string = try? scalar.decode(String.self) {
            self = .string(string)
        } else if let bool = try? scalar.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? scalar.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? scalar.decode(Double.self) {
            self = .number(number)
        } else {
            let cause = "a string with half a surrogate pair, or a number out of range"
            throw DecodingError.dataCorruptedError(in: scalar, debugDescription: cause)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .object(let members):
            var container = encoder.container(keyedBy: MemberKey.self)
            for (name, member) in members { try container.encode(member, forKey: MemberKey(name)) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .bool(let bool): try container.encode(bool)
            case .integer(let integer): try container.encode(integer)
            case .number(let number) where number.isFinite: try container.encode(number)
            case .string(let string): try container.encode(string)
            default: try container.encodeNil()
            }
        }
    }

    private struct MemberKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
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
}
