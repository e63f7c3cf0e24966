/// The last value that a script showed, as the envelope shows it.
package struct ShownValue: Sendable, Hashable {
    package let whole: EncodedJSON
    /// Without its preview, for an envelope that has no room for it.
    package let bare: EncodedJSON

    /// Nil unless it has the form of a value, and at most ``mostBytes`` bytes.
    init?(_ reported: JSONValue?) {
        guard let checked = reported.flatMap(Self.shape.checked), var fields = checked.objectValue
        else { return nil }
        whole = EncodedJSON(checked)
        guard whole.bytes.count <= Self.mostBytes else { return nil }
        if fields["preview"] != nil {
            fields["preview"] = []
            fields["truncated"] = true
        }
        bare = EncodedJSON(.object(fields))
    }

    /// As many as a frame of the report.
    private static let mostBytes = 1 << 20

    static let shape = Shape.either([.object(table), .object(other)])

    /// Of a table, which is all that has rows.
    static let table =
        Shape.required([
            "class": classes, "rows": count, "columns": .list(column, most: 50),
            "preview": .list(.map(.tree(depth: 4), most: 50), most: 20),
        ])
        + Shape.fields([
            "type": word, "columnCount": count,
            "rowNames": .orNull(.list(rowName, most: 20)), "truncated": .mark,
        ])

    /// Of all else.
    static let other =
        Shape.required(["class": classes])
        + Shape.fields([
            "type": word, "length": count, "dim": .list(.orNull(.integer(.min ... .max)), most: 50),
            "dimnames": .orNull(.either([.list(names, most: 50), .map(names, most: 50)])),
            "names": .list(name, most: 100), "levels": .list(name, most: 50),
            "value": .tree(depth: 4),
            "preview": .either([
                .list(.tree(depth: 4), most: 100), .map(.tree(depth: 4), most: 100),
            ]),
            "text": .text(most: 32 << 10), "slots": .list(word, most: 100), "truncated": .mark,
        ])

    private static let classes = Shape.list(word, most: 100)
    private static let word = Shape.text(most: 512)
    private static let count = Shape.integer(0...Int64.max)
    private static let column = Shape.object(
        Shape.required(["name": .text(most: 2048), "type": word])
    )
    private static let name = Shape.orNull(.text(most: 2048))
    private static let names = Shape.orNull(.list(name, most: 50))
    private static let rowName = Shape.either([.integer(.min ... .max), name])
}
