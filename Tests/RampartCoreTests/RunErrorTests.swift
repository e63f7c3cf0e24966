import Testing

@testable import RampartCore

@Suite("A reported error")
struct RunErrorTests {
    @Test func `has every field of the contract and no other`() {
        let error = RunError(reported: [
            "kind": "runtime", "message": "no", "class": ["simpleError"], "call": "f(x)", "line": 3,
            "traceback": [["call": "f(x)", "line": 3, "secret": 1]], "hints": ["try y"],
            "column": 5, "source": "x",
            "signal": "SIGKILL", "exitCode": 1, "pointer": "/code",
        ])
        #expect(
            error.json == [
                "kind": "runtime", "message": "no", "class": ["simpleError"], "call": "f(x)",
                "line": 3, "column": .null,
                "traceback": [["call": "f(x)", "line": 3]], "hints": ["try y"],
                "exitCode": 1,
            ]
        )
        #expect(RunError(reported: ["message": "no", "exitCode": 256]).exitCode == nil)
        #expect(RunError(reported: ["kind": "parse", "exitCode": 1]).exitCode == nil)
    }

    @Test func `says where parsing stopped`() {
        let error = RunError(reported: [
            "kind": "parse", "message": "no", "line": 3, "column": 5, "source": "x <- (",
        ])
        #expect(error.kind == .parse)
        #expect(error.column == 5)
        #expect(error.source == "x <- (")
        #expect(error.ofLimit().json["column"] == .null)
        #expect(error.ofLimit().json["source"] == nil)
    }

    @Test(
        arguments: [
            nil, "no", [],
            [
                "kind": 1, "message": ["no"], "class": "c", "call": 1, "line": "3",
                "column": .number(1.5), "traceback": "f", "hints": [1, ""], "truncated": 1,
            ],
            ["line": .integer(.min), "column": 0],
        ] as [JSONValue?]
    )
    func `has null and empty fields where nothing, or the wrong type, was said`(
        reported: JSONValue?
    ) {
        #expect(
            RunError(reported: reported).json == [
                "kind": "runtime", "message": "R raised an error", "class": [], "call": .null,
                "line": .null, "column": .null, "traceback": [], "hints": [],
            ]
        )
    }

    @Test func `drops what is no frame from a traceback`() {
        let error = RunError(reported: [
            "traceback": [1, ["line": 2], ["call": "g()"], ["call": "f()", "line": "x"]]
        ])
        #expect(
            error.json["traceback"] == [
                ["call": "g()", "line": .null], ["call": "f()", "line": .null],
            ]
        )
    }
}
