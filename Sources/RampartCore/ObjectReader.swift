/// Reads an object of an event field by field, and knows at the end which fields nobody asked for.
struct ObjectReader {
    let pointer: String
    private let members: [String: JSONValue]
    private var read: Set<String> = []

    init(_ value: JSONValue, at pointer: String) throws(Rejection) {
        guard case .object(let members) = value else {
            throw Rejection(at: pointer, "must be an object, not \(value.typeName)")
        }
        self.members = members
        self.pointer = pointer
    }

    /// Whether the field is there; `null` counts as absent.
    func has(_ name: String) -> Bool { members[name].map { $0 != .null } ?? false }

    /// The fields among these that are there; all of them are known.
    mutating func present(of names: [String]) -> [String] {
        read.formUnion(names)
        return names.filter(has)
    }

    /// Returns the field's value, or nil where it is absent or `null`.
    mutating func value(_ name: String) -> JSONValue? {
        read.insert(name)
        return has(name) ? members[name] : nil
    }

    mutating func string(_ name: String) throws(Rejection) -> String? {
        guard let value = value(name) else { return nil }
        guard let string = value.stringValue else { throw wrongType(name, "a string", value) }
        return string
    }

    mutating func requiredString(_ name: String) throws(Rejection) -> String {
        guard let string = try string(name) else {
            throw Rejection(at: path(name), "is required: a string")
        }
        return string
    }

    mutating func bool(_ name: String) throws(Rejection) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let bool = value.boolValue else { throw wrongType(name, "true or false", value) }
        return bool
    }

    mutating func integer(
        _ name: String,
        in range: ClosedRange<Int>,
        unit: String = ""
    ) throws(Rejection) -> Int? {
        guard let value = value(name) else { return nil }
        guard let integer = value.integerValue else {
            if case .number(let number) = value {
                throw Rejection(at: path(name), "must be a whole number, not \(number)")
            }
            throw wrongType(name, "a whole number", value)
        }
        guard range.contains(Int(integer)) else {
            let bounds = "\(range.lowerBound) to \(range.upperBound)\(unit)"
            throw Rejection(at: path(name), "must be \(bounds), not \(integer)")
        }
        return Int(integer)
    }

    mutating func array(_ name: String, most count: Int) throws(Rejection) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        guard let elements = value.arrayValue else { throw wrongType(name, "an array", value) }
        guard elements.count <= count else {
            let excess = "holds \(elements.count) elements: at most \(count) are allowed"
            throw Rejection(at: path(name), excess)
        }
        return elements
    }

    mutating func object(_ name: String) throws(Rejection) -> ObjectReader? {
        guard let value = value(name) else { return nil }
        return try ObjectReader(value, at: path(name))
    }

    /// The names and strings of an object whose names are free.
    func strings() throws(Rejection) -> [(name: String, value: String)] {
        var strings: [(name: String, value: String)] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard let string = value.stringValue else { throw wrongType(name, "a string", value) }
            strings.append((name, string))
        }
        return strings
    }

    /// Refuses the object if it has a field that was not read.
    func finish() throws(Rejection) {
        guard let unknown = members.keys.filter({ !read.contains($0) }).min() else { return }
        let known = read.sorted().joined(separator: ", ")
        throw Rejection(at: path(unknown), "is not a known field; known here: \(known)")
    }

    /// The JSON pointer of a field of this object.
    func path(_ name: String) -> String {
        // By scalars: a character may begin with "~" and go on with an accent.
        let escaped = name.unicodeScalars.map { scalar in
            scalar == "~" ? "~0" : scalar == "/" ? "~1" : String(scalar)
        }
        return "\(pointer)/\(escaped.joined())"
    }

    private func wrongType(_ name: String, _ wanted: String, _ value: JSONValue) -> Rejection {
        Rejection(at: path(name), "must be \(wanted), not \(value.typeName)")
    }
}
