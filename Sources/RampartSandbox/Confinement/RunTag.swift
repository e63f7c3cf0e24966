import CSandbox
import RampartCore
import SystemPackage

/// What tells the processes of one slot's runs if they are the host's own user: two hard limits, which a worker
/// lowers and nobody without privileges can raise again.
///
/// Each slot of each host has a number of its own. A worker with number n has the limits `base + n` of pending
/// signals and `top - n` of file locks (which the kernel has not heeded since Linux 2.4). To pass for another
/// number a process would have to raise one of the two. One that lowers them may pass for several numbers, its own
/// always among them: it is then a leftover process of each of these slots, and of no other process's harm.
struct RunTag: Sendable, Hashable {
    /// The hard limit of pending signals, setrlimit(2), `RLIMIT_SIGPENDING`.
    let pendingSignals: UInt32
    /// The hard limit of file locks, `RLIMIT_LOCKS`.
    let locks: UInt32

    /// Whether limits may be those of a process with this tag.
    func covers(pendingSignals: UInt64, locks: UInt64) -> Bool {
        pendingSignals <= UInt64(self.pendingSignals) && locks <= UInt64(self.locks)
    }

    /// Whether a process is the host's user's and may bear this tag.
    func isBorne(by pid: Int32) throws(Errno) -> Bool {
        try Self.limits(of: pid).map { covers(pendingSignals: $0.pending, locks: $0.locks) }
            ?? false
    }

    /// Whether a process is the host's user's and bears the tag of any slot of any host.
    static func isAnyBorne(by pid: Int32) throws(Errno) -> Bool {
        try limits(of: pid).map { $0.locks <= UInt64(top) } ?? false
    }

    /// Returns nil if the process is gone, or another user's.
    private static func limits(
        of pid: Int32
    ) throws(Errno) -> (pending: UInt64, locks: UInt64)? {
        guard try ProcessStatus.users(of: pid).contains(SystemCalls.user) else { return nil }
        return try ProcessStatus.tagLimits(of: pid)
    }

    /// The tags of a host's slots, on numbers that another host is unlikely to have.
    ///
    /// - Parameters:
    ///   - count: how many slots there are.
    ///   - own: the host's own hard limits; nil asks the kernel.
    /// - Returns: nil if the host's own limits are so low that no tags lie below them.
    /// - Throws: what the kernel says if they cannot be read.
    static func make(
        _ count: Int,
        below own: (pending: UInt64, locks: UInt64)? = nil
    ) throws(Errno) -> [RunTag]? {
        var limits = own
        if limits == nil { limits = try ProcessStatus.tagLimits(of: SystemCalls.processID) }
        guard let limits, limits.locks > UInt64(top) else { return nil }
        let room = Int(min(limits.pending, mostPending)) - count
        guard room >= 0 else { return nil }
        let lowest = min(Int(base), room)
        let first = Int.random(in: lowest...room)
        return (first..<first + count).map {
            RunTag(pendingSignals: UInt32($0), locks: top - UInt32($0))
        }
    }

    /// Signals that may be pending to a run's processes, at the least if the host's own limit allows.
    private static let base: UInt32 = 256
    private static let mostPending: UInt64 = 60_000
    /// Above all limits of locks that a tag has, and below what any system sets.
    private static let top = UInt32(RAMPART_TAG_LOCKS)
}
