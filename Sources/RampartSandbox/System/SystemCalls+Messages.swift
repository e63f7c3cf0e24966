import CSandbox
import Glibc
import SystemPackage

/// Messages of the control sockets, and names that only one process has.
extension SystemCalls {
    /// Claims a name for as long as the descriptor is open; see `rampart_claim_name`.
    static func claimName(_ name: String) throws(Errno) -> OwnedDescriptor {
        // SAFETY: the string outlives the call.
        owned(try check(unsafe rampart_claim_name(name)))
    }

    /// Waits until nothing of dead processes is on its way through sockets; see `rampart_settle_sockets`.
    static func settleSockets(until end: ContinuousClock.Instant) throws(Errno) {
        let left = ContinuousClock.now.duration(to: end)
        try check(rampart_settle_sockets(max(.zero, left).pollTimeout))
    }

    /// Sends one message, with descriptors, waiting at most `timeout` for room.
    static func send<Message: BitwiseCopyable>(
        _ message: Message,
        over socket: OwnedDescriptor,
        with descriptors: [OwnedDescriptor] = [],
        timeout: Duration
    ) throws(Errno) {
        let numbers = descriptors.map(\.descriptor.rawValue)
        // SAFETY: the message and the numbers outlive the call.
        let result = unsafe withUnsafeBytes(of: message) { bytes -> CInt in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe rampart_send(
                socket.descriptor.rawValue,
                base,
                bytes.count,
                numbers,
                numbers.count,
                timeout.pollTimeout
            )
        }
        try check(result)
    }

    /// Receives one message of exactly that type; nil at the end of the stream.
    ///
    /// - Throws: `Errno.timedOut` after `timeout`; `Errno.badMessage` where it has another size.
    static func receive<Message: BitwiseCopyable>(
        into message: inout Message,
        from socket: OwnedDescriptor,
        timeout: Duration
    ) throws(Errno) -> Bool {
        // SAFETY: at most the message's own size is written, and any bytes make a valid C struct.
        let length = unsafe withUnsafeMutableBytes(of: &message) { bytes -> Int in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe rampart_receive(
                socket.descriptor.rawValue,
                base,
                bytes.count,
                timeout.pollTimeout
            )
        }
        try check(CInt(truncatingIfNeeded: length))
        guard length == 0 || length == MemoryLayout<Message>.size else { throw .badMessage }
        return length > 0
    }

    /// Receives one message of up to `count` bytes, without waiting; empty at the end of the stream.
    static func receive(upTo count: Int, from socket: OwnedDescriptor) throws(Errno) -> [UInt8] {
        var length = 0
        // SAFETY: at most `count` bytes are written, and how many were is what is initialised.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress {
                length = unsafe rampart_receive(socket.descriptor.rawValue, base, count, 0)
            }
            initialized = max(0, length)
        }
        try check(CInt(truncatingIfNeeded: length))
        return bytes
    }
}
