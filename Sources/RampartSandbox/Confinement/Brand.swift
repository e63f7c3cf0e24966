import CSandbox
import SystemPackage

/// What tells a run's processes where they are the host's own user: a hard limit that a worker lowers below
/// the host's, and that nobody without privileges can raise again.
struct Brand: Sendable {
    /// The number of signals that may be pending; nil where the host's own limit is 0, and none lies below it.
    let limit: UInt32?
    /// Those that stood at the brand, or below it, before there was any run.
    private let spared: Set<ProcessIdentity>

    /// Chooses the brand for a host.
    ///
    /// - Parameters:
    ///   - own: the host's own limit; nil asks the kernel.
    ///   - isAlone: whether nobody else is the host's user. Then who bears the brand already is what an earlier
    ///     life of the environment left; else bears it by chance, and is spared.
    /// - Throws: where the limits of those who are there cannot be read.
    init(
        below own: UInt64? = nil,
        isAlone: Bool = false
    ) throws(Errno) {
        let own =
            if let own { own } else {
                try ProcessStatus.pendingSignalsLimit(of: SystemCalls.processID) ?? 0
            }
        let customary = UInt64(RAMPART_BRAND)
        let limit = own == 0 ? nil : UInt32(min(customary, own - 1))
        self.limit = limit
        let bearers =
            isAlone
            ? []
            : try ProcessStatus.living { pid throws(Errno) in try Self.isAtMost(limit, pid) }
        spared = Set(bearers.compactMap { ProcessIdentity(of: $0) })
    }

    /// As a message has it.
    var wire: UInt32 { limit ?? RAMPART_NO_BRAND }

    /// Whether the process is a run's.
    ///
    /// A worker may lower its brand further, so a limit below it is one too.
    func isBorne(by pid: Int32) throws(Errno) -> Bool {
        guard try ProcessStatus.users(of: pid).contains(SystemCalls.user) else { return false }
        guard try Self.isAtMost(limit, pid) else { return false }
        return try !isSpared(pid)
    }

    /// Whether it, or whom it descends from, bears the brand by chance.
    private func isSpared(_ pid: Int32) throws(Errno) -> Bool {
        guard !spared.isEmpty else { return false }
        var ancestor = pid
        while ancestor > 1 {
            if let identity = ProcessIdentity(of: ancestor), spared.contains(identity) {
                return true
            }
            ancestor = try ProcessStatus.parent(of: ancestor) ?? 0
        }
        return false
    }

    private static func isAtMost(_ brand: UInt32?, _ pid: Int32) throws(Errno) -> Bool {
        guard let brand, let limit = try ProcessStatus.pendingSignalsLimit(of: pid) else {
            return false
        }
        return limit <= UInt64(brand)
    }
}
