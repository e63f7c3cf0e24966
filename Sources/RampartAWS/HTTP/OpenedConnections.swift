import RampartCore
import Synchronization

/// The TCP connections that this process has opened through libcurl, on any thread.
package struct OpenedConnections: ConnectionCount {
    private static let begun = Atomic<Int64>(0)
    private static let done = Atomic<Int64>(0)

    package init() {}

    package var opening: Int64 { Self.begun.load(ordering: .sequentiallyConsistent) }
    package var opened: Int64 { Self.done.load(ordering: .sequentiallyConsistent) }

    /// Notes that libcurl has made a socket, which it connects before it returns.
    static func begin() { begun.add(1, ordering: .sequentiallyConsistent) }

    /// Notes that libcurl has connected so many sockets.
    static func finish(_ count: Int64) { done.add(count, ordering: .sequentiallyConsistent) }
}
