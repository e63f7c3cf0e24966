/// Asks one run to end before its time: because the process is to stop, or because its caller has gone.
package protocol RunStop: Sendable {
    /// Becomes readable, and stays so, when the run is to end; -1 if nothing can ask.
    var descriptor: Int32 { get }
    /// Why the run is to end; nil as long as nobody has asked.
    var reason: StopReason? { get }
}

/// Why a run was asked to end.
package enum StopReason: Sendable, Hashable {
    /// The environment is shut down.
    case shutdown
    /// Whoever sent the request no longer waits for the answer.
    case cancelled
}

/// The stop of a run that nobody ends before its time.
package struct NeverStops: RunStop {
    package init() {}

    package var descriptor: Int32 { -1 }
    package var reason: StopReason? { nil }
}
