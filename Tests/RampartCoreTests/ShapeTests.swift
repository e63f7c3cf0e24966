import Testing

@testable import RampartCore

@Suite("A shape")
struct ShapeTests {
    @Test(
        arguments: [
            (.text(most: 2), "é€", "é"), (.text(most: 2), 1, nil),
            (.integer(0...9), 9, 9), (.integer(0...9), 10, nil),
            (.integer(0...9), .number(1.5), nil),
            (.mark, true, true), (.mark, false, nil),
            (.scalar(textMost: 1), "ab", "a"), (.scalar(textMost: 1), .null, .null),
            (.scalar(textMost: 1), [], nil),
            (.orNull(.mark), .null, .null), (.orNull(.mark), true, true), (.orNull(.mark), 1, nil),
            (.list(.mark, most: 2), [1, true, true, true], [true, true]),
            (.map(.mark, most: 1), ["b": true, "a": true], ["a": true]),
            (.map(.mark, most: 1), [], [:]), (.map(.mark, most: 1), [true], nil),
            (.either([.mark, .text(most: 1)]), "a", "a"), (.either([.mark]), "a", nil),
            (.object(Shape.required(["a": .mark])), ["a": true, "b": true], ["a": true]),
            (.object(Shape.required(["a": .mark])), ["a": 1], nil),
            (.object(Shape.fields(["a": .mark])), ["a": 1], [:]),
            (.tree(depth: 1), [1, ["a": [2]], []], [1]),
        ] as [(Shape, JSONValue, JSONValue?)]
    )
    func `keeps what fits it`(shape: Shape, value: JSONValue, kept: JSONValue?) {
        #expect(shape.checked(value) == kept)
    }

    @Test(
        arguments: [
            nil, .null, 1, [], [:], ["class": "a"], ["class": 3, "preview": ["a": 1], "type": []],
        ] as [JSONValue?]
    )
    func `of a value is not had by what names no class`(value: JSONValue?) {
        #expect(ShownValue(value) == nil)
    }

    @Test func `of a table has a preview of records`() throws {
        let fields: [String: JSONValue] = [
            "class": ["data.frame"], "rows": 1, "columns": [["name": "a", "type": "double"]],
        ]
        let value = { (preview: JSONValue) throws -> JSONValue in
            let whole = try #require(
                ShownValue(.object(fields.merging(["preview": preview]) { $1 }))
            ).whole
            return try JSONValue(parsing: whole.bytes)
        }
        #expect(try value([["a": 1]])["rows"] == 1)
        #expect(try value(["a", ["a": 1]])["preview"] == [["a": 1]])
        // What has no records is no table.
        #expect(try value(["a": 1])["rows"] == nil)
    }

    @Test func `of a description is not had by what is too large`() {
        let labels = (0..<50).map {
            ("\($0)", JSONValue.string(String(repeating: "x", count: 1000)))
        }
        let large = JSONValue.object(Dictionary(uniqueKeysWithValues: labels))
        #expect(ChartDescription(["labels": large]) == nil)
        #expect(ChartDescription(["labels": ["x": "a"]]) != nil)
    }
}
