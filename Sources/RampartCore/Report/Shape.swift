/// What a tree of a report may look like.
///
/// `docs/envelope.schema.json` says the same; the tests hold the two together.
///
/// What does not fit is left out: an element of a list, a member of a map, a field of an object; an object that lacks
/// a field it must have is left out as a whole.
indirect enum Shape: Sendable {
    /// Text, cut to so many bytes.
    case text(most: Int)
    case integer(ClosedRange<Int64>)
    /// `true`; nothing else.
    case mark
    /// Null, a truth value, a number or text of so many bytes.
    case scalar(textMost: Int)
    case list(Shape, most: Int)
    case map(Shape, most: Int)
    case object([Field])
    case orNull(Shape)
    /// The first of these that it has.
    case either([Shape])

    struct Field: Sendable {
        let name: String
        let shape: Shape
        var isRequired = false
    }

    static func fields(_ table: KeyValuePairs<String, Shape>) -> [Field] {
        table.map { Field(name: $0.key, shape: $0.value) }
    }

    static func required(_ table: KeyValuePairs<String, Shape>) -> [Field] {
        table.map { Field(name: $0.key, shape: $0.value, isRequired: true) }
    }

    /// Anything, so many levels deep.
    static func tree(depth: Int) -> Shape {
        let scalar = Shape.scalar(textMost: mostNameBytes)
        guard depth > 0 else { return scalar }
        let inner = tree(depth: depth - 1)
        return .either([
            scalar, .list(inner, most: mostElements), .map(inner, most: mostElements),
        ])
    }

    /// Returns as much of the value as has this shape; nil where it has another.
    func checked(_ value: JSONValue) -> JSONValue? {
        switch (self, value) {
        case (.text(let most), .string(let text)): .string(text.prefix(bytes: most))
        case (.integer(let range), _):
            value.integerValue.flatMap { range.contains($0) ? .integer($0) : nil }
        case (.mark, .bool(true)): value
        case (.scalar, .null), (.scalar, .bool), (.scalar, .integer), (.scalar, .number): value
        case (.scalar(let most), .string(let text)): .string(text.prefix(bytes: most))
        case (.list(let element, let most), .array(let elements)):
            .array(Self.list(elements, of: element, most: most))
        case (.map(let shape, let most), .object(let members)):
            Self.map(members, of: shape, most: most)
        // An empty list of R's has no names.
        case (.map, .array([])): .object([:])
        case (.object(let fields), .object(let members)): Self.object(members, of: fields)
        case (.orNull, .null): value
        case (.orNull(let shape), _): shape.checked(value)
        case (.either(let shapes), _): Self.first(of: shapes, in: value)
        default: nil
        }
    }

    // Loops, because a lazy sequence checks an element again each time it is looked at: twice at each level of a tree.

    private static func first(of shapes: [Shape], in value: JSONValue) -> JSONValue? {
        for shape in shapes {
            if let checked = shape.checked(value) { return checked }
        }
        return nil
    }

    private static func list(_ elements: [JSONValue], of shape: Shape, most: Int) -> [JSONValue] {
        var kept: [JSONValue] = []
        for element in elements where kept.count < most {
            if let checked = shape.checked(element) { kept.append(checked) }
        }
        return kept
    }

    private static func map(
        _ members: [String: JSONValue],
        of shape: Shape,
        most: Int
    ) -> JSONValue {
        let names = members.keys.filter { $0.utf8.count <= mostNameBytes }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var kept: [String: JSONValue] = [:]
        for name in names.prefix(most) { kept[name] = members[name].flatMap(shape.checked) }
        return .object(kept)
    }

    private static func object(_ members: [String: JSONValue], of fields: [Field]) -> JSONValue? {
        var kept: [String: JSONValue] = [:]
        for field in fields {
            if let value = members[field.name].flatMap(field.shape.checked) {
                kept[field.name] = value
            } else if field.isRequired {
                return nil
            }
        }
        return .object(kept)
    }

    private static let mostNameBytes = 2048
    private static let mostElements = 1000
}
