import RampartCore
import Testing

@testable import RampartAWS

@Suite("The cause that X-Ray is told")
struct XRayCauseTests {
    @Test func `is one line of printable ASCII`() throws {
        let fault = Fault(.scratch, couldNot: "clean \"up\"", cause: "a\nb\u{7F}\u{0} ü 🙂 \\")
        let header = XRayCause.header(for: fault)
        #expect(header.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        let exception = try JSONValue(parsing: Array(header.utf8))["exceptions"]?.arrayValue?.first
        #expect(exception?["message"]?.stringValue == fault.description)
        #expect(exception?["type"]?.stringValue == "Runtime.Scratch")
    }

    @Test(arguments: ["x", "é", "🙂", "\u{0}", "\""])
    func `stays far below the size at which it is cropped`(character: String) throws {
        let cause = String(repeating: character, count: 1_000_000)
        let fault = Fault(.scratch, couldNot: "clean up", cause: cause)
        let header = XRayCause.header(for: fault)
        #expect(header.utf8.count < 32 << 10)
        #expect(throws: Never.self) { try JSONValue(parsing: Array(header.utf8)) }
    }

    @Test(arguments: Fault.Kind.allCases)
    func `goes with an error type of the form that the platform records`(kind: Fault.Kind) throws {
        #expect(try /(Runtime|Function)\.[A-Z][a-zA-Z]+/.wholeMatch(in: kind.rawValue) != nil)
    }
}
