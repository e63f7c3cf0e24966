import CSandbox
import RampartCore
import SystemPackage
import Testing

@testable import RampartSandbox

@Suite("A control message")
struct ControlMessageTests {
    private let near: OwnedDescriptor
    private let far: OwnedDescriptor

    init() throws { (near, far) = try SystemCalls.socketPair() }

    @Test func `arrives whole`() throws {
        try SystemCalls.send(rampart_reap(kind: 4, pid: 77), over: near, timeout: .zero)
        var message = rampart_reap()
        #expect(try SystemCalls.receive(into: &message, from: far, timeout: .zero))
        #expect(message.kind == 4)
        #expect(message.pid == 77)
    }

    @Test func `is waited for only as long as its bound`() {
        var message = rampart_reap()
        let error = #expect(throws: Errno.self) {
            try SystemCalls.receive(into: &message, from: far, timeout: .milliseconds(1))
        }
        #expect(error == .timedOut)
    }

    @Test func `finds room within its bound, or is not sent`() {
        let error = #expect(throws: Errno.self) {
            while true { try SystemCalls.send(rampart_prepared(), over: near, timeout: .zero) }
        }
        #expect(error == .timedOut)
    }

    @Test func `is refused where it has another size`() throws {
        var message = rampart_reap()
        try SystemCalls.send(rampart_ack(kind: 1), over: near, timeout: .zero)
        let smaller = #expect(throws: Errno.self) {
            try SystemCalls.receive(into: &message, from: far, timeout: .zero)
        }
        #expect(smaller == .badMessage)
        try SystemCalls.send(rampart_prepared(), over: near, timeout: .zero)
        let larger = #expect(throws: Errno.self) {
            try SystemCalls.receive(into: &message, from: far, timeout: .zero)
        }
        #expect(larger == .messageTooLong)
        // And the one after it is none the worse.
        try SystemCalls.send(rampart_reap(kind: 4, pid: 5), over: near, timeout: .zero)
        #expect(try SystemCalls.receive(into: &message, from: far, timeout: .zero))
        #expect(message.pid == 5)
    }

    @Test func `is nothing at the end of the stream`() throws {
        var (one, other): (OwnedDescriptor?, OwnedDescriptor) = try SystemCalls.socketPair()
        #expect(one != nil)
        one = nil
        var message = rampart_reap()
        #expect(try !SystemCalls.receive(into: &message, from: other, timeout: .zero))
        #expect(try SystemCalls.receive(upTo: 10, from: other) == [])
        let error = #expect(throws: Errno.self) {
            try SystemCalls.send(message, over: other, timeout: .zero)
        }
        #expect(error == .brokenPipe)
    }

    @Test(arguments: [1, 3, 8])
    func `brings descriptors that the host closes`(count: Int) throws {
        var pipes = try (0..<count).map { _ in try SystemCalls.outputPipe() }
        let readers = pipes.map(\.read)
        try SystemCalls.send(
            rampart_ack(kind: 1),
            over: near,
            with: pipes.map(\.write),
            timeout: .zero
        )
        pipes = []
        // In flight they are open.
        #expect(
            try SystemCalls.wait(for: readers, until: .now)
                == [Bool](repeating: false, count: count)
        )
        var message = rampart_ack()
        #expect(try SystemCalls.receive(into: &message, from: far, timeout: .zero))
        for reader in readers {
            guard case .end = try SystemCalls.read(reader, upTo: 1) else {
                Issue.record("a descriptor is open still")
                return
            }
        }
    }

    @Test func `brings eight descriptors at most`() throws {
        let pipe = try SystemCalls.outputPipe()
        let error = #expect(throws: Errno.self) {
            try SystemCalls.send(
                rampart_ack(),
                over: near,
                with: [OwnedDescriptor](repeating: pipe.write, count: 9),
                timeout: .zero
            )
        }
        #expect(error == .invalidArgument)
    }
}
