import RampartCore
import Testing

@testable import RampartSandbox

@Suite("Output")
struct BoundedOutputTests {
    @Test func `is read to its end, and its beginning and its end are kept`() throws {
        var pipe: (read: OwnedDescriptor, write: OwnedDescriptor)? = try SystemCalls.outputPipe()
        var output = BoundedOutput(try #require(pipe?.read), cap: 200)
        #expect(output.read() == nil)
        #expect(!output.isOver)
        let pieces = ["a", "b", "c", "d", "e"].map {
            [UInt8](String(repeating: $0, count: 99).utf8)
        }
        for piece in pieces {
            try pipe?.write.write(piece)
            #expect(output.read() == piece)
        }
        pipe = nil
        #expect(output.read() == nil)
        #expect(output.isOver)
        #expect(output.open == nil)
        #expect(output.text.beginning == String(repeating: "a", count: 99) + "b")
        #expect(output.text.end == String(repeating: "e", count: 52))
        #expect(output.text.omitted == 495 - 100 - 52)
        #expect(output.text.text.utf8.count <= 200)
    }

    @Test func `is kept whole as far as its cap`() throws {
        var pipe: (read: OwnedDescriptor, write: OwnedDescriptor)? = try SystemCalls.outputPipe()
        var output = BoundedOutput(try #require(pipe?.read), cap: 5)
        try pipe?.write.write(Array("abcde".utf8))
        pipe = nil
        while !output.isOver { _ = output.read() }
        #expect(output.text == CapturedText(kept: Array("abcde".utf8), bytes: 5))
    }
}
