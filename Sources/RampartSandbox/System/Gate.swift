import SystemPackage

/// Lets one thread in at a time; the others wait, each no longer than it has time.
final class Gate: Sendable {
    /// A pipe that holds one byte while nobody is inside.
    private let token: (read: OwnedDescriptor, write: OwnedDescriptor)

    init() throws(Errno) {
        token = try SystemCalls.outputPipe()
        try SystemCalls.ring(token.write)
    }

    /// Calls `body` alone; returns nil without calling it if another thread was inside until `instant`, or if
    /// `stop` became readable.
    func enter<Result, Failure>(
        until instant: ContinuousClock.Instant,
        stop: Int32 = -1,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard take(until: instant, stop: stop) else { return nil }
        defer { try? SystemCalls.ring(token.write) }
        return try body()
    }

    private func take(until instant: ContinuousClock.Instant, stop: Int32) -> Bool {
        while true {
            if case .bytes = try? SystemCalls.read(token.read, upTo: 1) { return true }
            guard ContinuousClock.now < instant, !SystemCalls.isReadable(stop) else { return false }
            _ = try? SystemCalls.wait(for: [token.read], until: instant, stop: stop)
        }
    }
}
