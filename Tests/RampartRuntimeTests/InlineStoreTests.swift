import RampartCore
import Testing

@testable import RampartRuntime

@Suite("The inline store")
struct InlineStoreTests {
    @Test func `puts bytes into the envelope as base64`() {
        let outcome = store(.make("a", Array("hello".utf8)), .make("b", []))
        #expect(outcome.locations == [.inline(base64: "aGVsbG8="), .inline(base64: "")])
        #expect(outcome.leftOut == [:])
        #expect(outcome.failure == nil)
    }

    @Test func `takes four megabytes of base64 together, and leaves the rest out`() {
        let million = [UInt8](repeating: 7, count: 1_000_000)
        let outcome = store(
            .make("a", million),
            .make("b", million),
            .make("c", million),
            .make("d", [1])
        )
        // 1,333,336 characters each: the third would be 8 too many, and the last is small enough.
        #expect(outcome.locations.map { $0 != nil } == [true, true, false, true])
        #expect(outcome.leftOut == [2: .size])
    }

    @Test func `fills its cap to the last character`() {
        let most = InlineStore.mostBase64Bytes / 4 * 3
        #expect(store(.make("a", [UInt8](repeating: 7, count: most))).locations[0] != nil)
        #expect(store(.make("a", [UInt8](repeating: 7, count: most + 1))).locations == [nil])
    }

    @Test func `says that it could not read what is gone`() {
        let outcome = store(.make("a"), .make("b", isReadable: false), .make("c"))
        #expect(outcome.locations.map { $0 != nil } == [true, false, true])
        #expect(outcome.failure?.code == "ReadFailed")
        #expect(outcome.failure?.isTransient == false)
        #expect(outcome.leftOut == [:])
    }

    private func store(_ artifacts: Artifact...) -> StoreOutcome {
        InlineStore().store(artifacts, under: "x/", until: .now + .seconds(60))
    }
}
