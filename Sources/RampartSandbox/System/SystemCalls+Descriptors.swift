import CSandbox
import Glibc
import SystemPackage

/// Pipes, sockets and waiting.
extension SystemCalls {
    /// Creates a pipe whose ends are closed by an exec; its reading end does not block.
    static func outputPipe() throws(Errno) -> (read: OwnedDescriptor, write: OwnedDescriptor) {
        var ends: [CInt] = [-1, -1]
        // SAFETY: two descriptors are written.
        try check(unsafe rampart_pipe(&ends))
        let pipe = (read: owned(ends[0]), write: owned(ends[1]))
        try check(fcntl(ends[0], F_SETFL, O_NONBLOCK))
        return pipe
    }

    /// Creates a pair of connected sockets that keep messages apart.
    static func socketPair() throws(Errno) -> (OwnedDescriptor, OwnedDescriptor) {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        // SAFETY: socketpair writes two descriptors.
        try check(unsafe socketpair(AF_UNIX, type, 0, &ends))
        return (owned(ends[0]), owned(ends[1]))
    }

    /// Waits until one of the descriptors can be read or is at its end, or `stop` can be read (-1: nothing);
    /// the result has the same order.
    static func wait(
        for descriptors: [OwnedDescriptor],
        until instant: ContinuousClock.Instant,
        stop: Int32 = -1
    ) throws(Errno) -> [Bool] {
        var entries = descriptors.map {
            pollfd(fd: $0.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        }
        // poll(2) passes over a negative descriptor.
        entries.append(pollfd(fd: stop, events: Int16(POLLIN), revents: 0))
        let timeout = max(.zero, ContinuousClock.now.duration(to: instant)).pollTimeout
        // SAFETY: the count is the array's own.
        let ready = unsafe poll(&entries, nfds_t(entries.count), timeout)
        if ready < 0, errno != EINTR { throw Errno(rawValue: errno) }
        return entries.dropLast().map { ready > 0 && $0.revents != 0 }
    }

    /// What a read without waiting gave.
    enum Read: Sendable {
        case bytes([UInt8])
        case end
        case nothingYet
    }

    /// Reads what is there, up to `count` bytes, from a descriptor that does not block.
    static func read(_ descriptor: OwnedDescriptor, upTo count: Int) throws(Errno) -> Read {
        var length = 0
        // SAFETY: read(2) writes at most `count` bytes, and how many it wrote is what is initialised.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            length = unsafe Glibc.read(descriptor.descriptor.rawValue, buffer.baseAddress, count)
            initialized = max(0, length)
        }
        if length > 0 { return .bytes(bytes) }
        if length == 0 { return .end }
        if errno == EAGAIN || errno == EINTR { return .nothingYet }
        throw Errno(rawValue: errno)
    }

    /// Reads up to `count` bytes at an offset.
    static func read(
        _ descriptor: OwnedDescriptor,
        upTo count: Int,
        at offset: Int
    ) throws(Errno) -> [UInt8] {
        var length = 0
        // SAFETY: as in `read(_:upTo:)`.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            repeat {
                length = unsafe pread(
                    descriptor.descriptor.rawValue,
                    buffer.baseAddress,
                    count,
                    off_t(offset)
                )
            } while length < 0 && errno == EINTR
            initialized = max(0, length)
        }
        try check(CInt(truncatingIfNeeded: length))
        return bytes
    }

    /// An anonymous file that holds the bytes.
    static func anonymousFile(
        _ bytes: [UInt8],
        in directory: OwnedDescriptor
    ) throws(Errno) -> OwnedDescriptor {
        // SAFETY: the bytes outlive the call.
        let file = unsafe bytes.withUnsafeBytes { buffer -> CInt in
            guard let base = buffer.baseAddress else { return -1 }
            return unsafe rampart_anonymous_file(directory.descriptor.rawValue, base, buffer.count)
        }
        return owned(try check(file))
    }

    /// Whether a descriptor can be read now; false for -1.
    static func isReadable(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard descriptor >= 0 else { return false }
        // SAFETY: there is one entry.
        return unsafe poll(&entry, 1, 0) > 0
    }

    /// Writes one byte, which makes the other end readable.
    static func ring(_ pipe: OwnedDescriptor) throws(Errno) {
        // SAFETY: one byte is read of the literal.
        try check(CInt(truncatingIfNeeded: unsafe Glibc.write(pipe.descriptor.rawValue, "!", 1)))
    }

    /// A descriptor that is readable while one of the two is (-1: only the other); see `rampart_any_of`.
    static func anyOf(_ first: OwnedDescriptor, _ second: Int32) throws(Errno) -> OwnedDescriptor {
        owned(try check(rampart_any_of(first.descriptor.rawValue, second)))
    }
}
