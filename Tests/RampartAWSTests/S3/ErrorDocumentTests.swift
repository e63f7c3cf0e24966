import Testing

@testable import RampartAWS

@Suite("An error document")
struct ErrorDocumentTests {
    @Test func `gives its code and region`() {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error xmlns="x"><Code>PermanentRedirect</Code><Region>eu-west-1</Region></Error>
            """
        let document = ErrorDocument(Array(text.utf8))
        #expect(document?.code == "PermanentRedirect")
        #expect(document?.region == "eu-west-1")
    }

    @Test(arguments: [
        "", "<Error>", "<Code>SlowDown</Code>", "<Error><Code></Code></Error>",
        "<Error></Code><Code></Error>", "<Error><Code>a b\n</Code></Error>",
        "<Error><Code>\(String(repeating: "x", count: 101))</Code></Error>", "\u{FFFD}<Error",
    ])
    func `is none where it gives no plain code`(text: String) {
        #expect(ErrorDocument(Array(text.utf8)) == nil)
    }
}
