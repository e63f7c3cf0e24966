/// What a ggplot chart shows, as the envelope shows it.
package struct ChartDescription: Sendable, Hashable {
    package let encoded: EncodedJSON

    /// Nil unless it has the form of a description, and at most ``mostBytes`` bytes.
    package init?(_ reported: JSONValue?) {
        guard let checked = reported.flatMap(Shape.object(Self.fields).checked) else { return nil }
        encoded = EncodedJSON(checked)
        guard encoded.bytes.count <= Self.mostBytes else { return nil }
    }

    /// What the harness itself keeps to, and as much again for numbers that are written out.
    private static let mostBytes = 32 << 10

    /// A composition's plots are described in the same way, and are no compositions.
    static let fields =
        plot + Shape.fields(["plots": .list(.object(plot), most: 12)])

    private static let plot = Shape.fields([
        "title": text, "subtitle": text, "caption": text,
        "labels": .map(.text(most: 2048), most: 50),
        "layers": .list(.object(layer), most: 20),
        "scales": .orNull(.list(.object(scale), most: 12)),
        "facets": .orNull(
            .object(Shape.required(["type": word, "by": .list(word, most: 50)]))
        ),
        "coord": .orNull(word),
    ])

    static let layer =
        Shape.required(["geom": .orNull(word)])
        + Shape.fields([
            "stat": .orNull(word), "mapping": .map(.text(most: 2048), most: 50),
            "rows": .orNull(.integer(0...Int64.max)),
        ])

    static let scale =
        Shape.required(["aesthetic": word])
        + Shape.fields([
            "type": .orNull(word), "transformation": text,
            "limits": .orNull(.list(.scalar(textMost: 512), most: 20)),
            "breaks": .orNull(.list(.scalar(textMost: 512), most: 20)),
        ])

    private static let word = Shape.text(most: 512)
    private static let text = Shape.orNull(.text(most: 2048))
}
