/// Tells whether a run may have left sockets that nobody has open: it can send one to itself, and other files with
/// it, which the kernel keeps for a while; see `rampart_settle_sockets`.
struct SocketWatch: Sendable {
    private let before: Int?

    /// Counts before the script, when its worker has its socket.
    init() { before = ProcessStatus.unixSockets }

    /// Whether something else is gone than the worker's pair, once the worker is dead.
    ///
    /// Others may open and close sockets meanwhile: then it is true for nothing, which costs a few milliseconds.
    var mayHaveLeft: Bool {
        guard let before, let now = ProcessStatus.unixSockets else { return true }
        return now != before - Self.pair
    }

    private static let pair = 2
}
