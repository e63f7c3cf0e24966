import CSandbox
import Foundation
import RampartCore
import Testing

@testable import RampartSandbox

@Suite("A message from R")
struct WireTests {
    @Test func `that is READY is read from its bytes`() throws {
        let text = Array("{}".utf8)
        let ready = try #require(
            WireReady(words(1, UInt32(RAMPART_WIRE_VERSION), 1, 2) + text + [0, 0])
        )
        #expect(ready.threads == 1)
        #expect(ready.engine == text)
    }

    @Test(arguments: [
        words(2, 1, 1, 0), words(1, 99, 1, 0), [], Array(words(1, 1, 1, 0).dropLast()),
    ])
    func `that is no READY of this version is refused`(message: [UInt8]) {
        #expect(WireReady(message) == nil)
    }

    @Test func `claims no more text than it has`() throws {
        let ready = try #require(
            WireReady(words(1, UInt32(RAMPART_WIRE_VERSION), 1, .max) + [0x7B])
        )
        #expect(ready.engine == [0x7B])
    }

    @Test func `has its layers in the order in which they are read`() {
        let order = [
            RAMPART_LAYER_DESCRIPTORS, RAMPART_LAYER_LIMITS, RAMPART_LAYER_USER,
            RAMPART_LAYER_SYSCALLS, RAMPART_LAYER_FILES, RAMPART_LAYER_COUNT,
        ]
        #expect(order.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
    }

    @Test func `says each layer as the envelope has it`() {
        var prepared = rampart_prepared()
        prepared.layers.0 = rampart_layer_state(
            enforcement: Int32(RAMPART_ENFORCED.rawValue),
            error: 0
        )
        prepared.layers.1 = rampart_layer_state(
            enforcement: Int32(RAMPART_UNAVAILABLE.rawValue),
            error: EPERM
        )
        prepared.layers.2 = rampart_layer_state(
            enforcement: Int32(RAMPART_UNAVAILABLE.rawValue),
            error: 4000
        )
        prepared.layers.3 = rampart_layer_state(enforcement: 77, error: 0)
        #expect(
            WireLayers.load(prepared) == [
                .descriptors: .enforced, .limits: .unavailable("EPERM"),
                .user: .unavailable("errno 4000"),
                .syscalls: .off, .files: .off,
            ]
        )
    }
}

/// Words of 32 bits as they lie in memory.
private func words(_ words: UInt32...) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
}
