import RampartCore
import Testing

@testable import RampartSandbox

@Suite("Output")
struct BoundedOutputTests {
    @Test func `is read to its end and kept as far as its cap`() throws {
        var pipe: (read: OwnedDescriptor, write: OwnedDescriptor)? = try SystemCalls.outputPipe()
        var output = BoundedOutput(try #require(pipe?.read), cap: 5)
        #expect(output.read() == nil)
        #expect(!output.isOver)
        try pipe?.write.write(Array("abc".utf8))
        #expect(output.read() == Array("abc".utf8))
        try pipe?.write.write(Array("defg".utf8))
        pipe = nil
        #expect(output.read() == Array("defg".utf8))
        #expect(output.read() == nil)
        #expect(output.isOver)
        #expect(output.open == nil)
        #expect(output.text == CapturedText(kept: Array("abcde".utf8), bytes: 7))
    }
}
