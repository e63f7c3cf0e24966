import Glibc
import SystemPackage

// The fence: the executable's unsafe calls that concern sockets are here.

/// A TCP socket on the loopback interface, whose waits have bounds.
final class LoopbackSocket {
    private let descriptor: CInt

    private init(adopting descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Listens on a port.
    static func listen(on port: UInt16) throws(Errno) -> LoopbackSocket {
        let listener = try make()
        var yes: CInt = 1
        // SAFETY: the option is an int that outlives the call.
        unsafe setsockopt(
            listener.descriptor,
            SOL_SOCKET,
            SO_REUSEADDR,
            &yes,
            socklen_t(MemoryLayout<CInt>.size)
        )
        try unsafe listener.withAddress(port) { socket, address, length in
            unsafe bind(socket, address, length)
        }
        try check(Glibc.listen(listener.descriptor, 64))
        return listener
    }

    /// Connects to a port.
    static func connect(to port: UInt16) throws(Errno) -> LoopbackSocket {
        let socket = try make()
        try unsafe socket.withAddress(port) { socket, address, length in
            unsafe Glibc.connect(socket, address, length)
        }
        return socket
    }

    /// Returns a port that nobody listens on.
    static func freePort() throws(Errno) -> UInt16 {
        let socket = try make()
        try unsafe socket.withAddress(0) { socket, address, length in
            unsafe bind(socket, address, length)
        }
        return try socket.port()
    }

    /// Returns the port that it is bound to.
    func port() throws(Errno) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // SAFETY: the address has room for what is written.
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe getsockname(descriptor, pointer, &length)
            }
        }
        try Self.check(result)
        return UInt16(bigEndian: address.sin_port)
    }

    /// Waits for the next caller; nil after `timeout`.
    func accept(timeout: Duration) throws(Errno) -> LoopbackSocket? {
        guard try wait(for: POLLIN, timeout) else { return nil }
        return LoopbackSocket(adopting: try Self.check(Glibc.accept(descriptor, nil, nil)))
    }

    /// Reads a piece; empty at the end.
    ///
    /// - Throws: `Errno.timedOut` where none comes in time.
    func read(timeout: Duration) throws(Errno) -> [UInt8] {
        guard try wait(for: POLLIN, timeout) else { throw .timedOut }
        var length = 0
        // SAFETY: how many bytes were read is what is initialised.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            length = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            count = max(0, length)
        }
        try Self.check(CInt(clamping: length))
        return bytes
    }

    /// Writes all the bytes.
    func write(_ bytes: [UInt8], timeout: Duration) throws(Errno) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard try wait(for: POLLOUT, timeout) else { throw .timedOut }
            // SAFETY: the bytes outlive the call.
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe send(
                    descriptor,
                    buffer.baseAddress,
                    buffer.count,
                    CInt(MSG_NOSIGNAL | MSG_DONTWAIT)
                )
            }
            rest = rest.dropFirst(Int(try Self.check(CInt(clamping: count))))
        }
    }

    private func wait(for event: CInt, _ timeout: Duration) throws(Errno) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        // SAFETY: there is one entry.
        return try Self.check(
            unsafe poll(&entry, 1, CInt(clamping: timeout.components.seconds * 1000))
        ) > 0
    }

    private static func make() throws(Errno) -> LoopbackSocket {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        return LoopbackSocket(adopting: try check(socket(AF_INET, type, 0)))
    }

    private func withAddress(
        _ port: UInt16,
        _ call: (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) throws(Errno) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        // SAFETY: every sockaddr_in may be seen as a sockaddr, and it outlives the call.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe call(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try Self.check(result)
    }

    @discardableResult
    private static func check(_ result: CInt) throws(Errno) -> CInt {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        return result
    }
}
