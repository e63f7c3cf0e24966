/// A process, told from any that has its number later.
struct ProcessIdentity: Sendable, Hashable {
    let pid: Int32
    /// In ticks since boot.
    let start: UInt64

    /// - Returns: nil where there is no such process.
    init?(of pid: Int32) {
        guard let start = ProcessStatus.startTime(of: pid) else { return nil }
        self.pid = pid
        self.start = start
    }

    /// Whether the process is there still, or at least waits to be reaped.
    var isCurrent: Bool { ProcessStatus.startTime(of: pid) == start }
}
