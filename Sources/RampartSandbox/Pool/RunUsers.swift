import RampartCore
import Synchronization

/// The users that runs are, where the host may choose: as root, one after the other out of a range that
/// neither Debian nor systemd hands out.
final class RunUsers: Sendable {
    private static let range: ClosedRange<UInt32> = 60_600...61_099
    private let next = Mutex(range.randomElement() ?? range.lowerBound)

    /// Claims the next user that nobody is; nil where the host can be no one but itself.
    ///
    /// - Returns: the user, which stays claimed as long as the object lives.
    /// - Throws: a ``Fault`` where all of them are taken.
    func claim() throws(Fault) -> RunUser? {
        guard SystemCalls.user == 0 else { return nil }
        for _ in Self.range {
            let candidate = next.withLock { next in
                defer { next = next == Self.range.upperBound ? Self.range.lowerBound : next + 1 }
                return next
            }
            // Another host on this machine may have claimed it; anyone at all may be it.
            guard let user = RunUser(claiming: candidate) else { continue }
            do {
                if try RunProcesses.list(of: .user(candidate)).isEmpty { return user }
            } catch {
                throw Fault(.workerStart, couldNot: "see who is a user", cause: "\(error)")
            }
        }
        let cause = "all of \(Self.range.lowerBound) to \(Self.range.upperBound) are taken"
        throw Fault(.workerStart, couldNot: "find a user for the run", cause: cause)
    }
}
