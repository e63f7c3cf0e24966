// The fence of these tests: sockets on the loopback interface, for blocking use.

import Glibc

private let noSignal = CInt(MSG_NOSIGNAL)

/// A connection that one thread of a test's server owns.
@safe
final class LoopbackConnection: Sendable {
    private let descriptor: CInt

    fileprivate init(_ descriptor: CInt) { self.descriptor = descriptor }

    /// Returns what has arrived, at most `count` bytes; none at the end or after a failure.
    func read(upTo count: Int) -> [UInt8] {
        // SAFETY: the buffer holds `count` bytes.
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = max(0, unsafe recv(descriptor, buffer.baseAddress, count, 0))
        }
    }

    /// Writes all bytes, as far as the other side takes them.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // SAFETY: the pointer is used within the closure alone.
            let written = unsafe rest.withUnsafeBytes { buffer in
                unsafe send(descriptor, buffer.baseAddress, buffer.count, noSignal)
            }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    /// Ends the connection with a reset in place of an orderly end.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout.size(ofValue: linger))
        // SAFETY: the option is read before the call returns.
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
        close()
    }

    /// Ends the connection.
    ///
    /// The corresponding C function is `close`.
    func close() { _ = Glibc.close(descriptor) }
}

/// A listening socket on a port that the kernel chose.
@safe
final class LoopbackListener: Sendable {
    let port: Int
    private let descriptor: CInt

    init() {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        // SAFETY: both structures begin with the same members, and the size is the true one.
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(unsafe bind(descriptor, generic, size) == 0)
                precondition(listen(descriptor, 128) == 0)
                precondition(unsafe getsockname(descriptor, generic, &size) == 0)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Waits for a connection; nil once the listener is shut down.
    func accept() -> LoopbackConnection? {
        let connection = Glibc.accept(descriptor, nil, nil)
        return connection >= 0 ? LoopbackConnection(connection) : nil
    }

    /// Wakes the thread that waits in ``accept()``, which is then to close the listener.
    func shutDown() { _ = shutdown(descriptor, CInt(SHUT_RDWR)) }

    /// Closes the listener.
    ///
    /// The corresponding C function is `close`.
    func close() { _ = Glibc.close(descriptor) }
}
