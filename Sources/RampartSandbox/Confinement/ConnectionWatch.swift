import RampartCore

/// Tells whether somebody besides the host opened a TCP connection.
///
/// The kernel counts all that were ever opened in this network namespace. The host counts its own twice: before it
/// opens one, and after. What the kernel counts beyond all that the host can have opened meanwhile is a run's.
struct ConnectionWatch {
    private let host: any ConnectionCount
    /// Nil if the kernel does not say.
    private let opened: Int64?
    private let hostOpened: Int64

    init(beside host: any ConnectionCount) {
        self.host = host
        // Read first: one that is opened between the two is taken for opened later.
        hostOpened = host.opened
        opened = ProcessStatus.activeOpens
    }

    /// Whether there is one that the host cannot have opened.
    var hasUnexplained: Bool {
        guard let opened, let now = ProcessStatus.activeOpens else { return false }
        return now - opened > host.opening - hostOpened
    }
}

/// A host that opens no connection while scripts run.
struct NoConnections: ConnectionCount {
    var opening: Int64 { 0 }
    var opened: Int64 { 0 }
}
