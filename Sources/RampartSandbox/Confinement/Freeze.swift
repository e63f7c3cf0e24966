import Glibc
import RampartCore
import SystemPackage

/// Stops all processes of the host's user while leftover ones are looked for, so that none can start another
/// meanwhile.
///
/// Only for a user that no person logs in as: the zygote, other runs and other hosts of the user stop too, for as
/// long as a look over `/proc` takes. Two hosts that did so at once would stop each other for good, so it takes a
/// claim.
enum Freeze {
    /// Calls `body` while everything stands still.
    ///
    /// - Returns: nil if another host, or a run that pretends to be one, has the claim.
    static func whileFrozen<Result>(
        _ body: () throws(Errno) -> Result
    ) throws(Errno) -> Result? {
        guard let claim = try? SystemCalls.claimName("rampart-freeze-\(SystemCalls.user)") else {
            return nil
        }
        return try withExtendedLifetime(claim) { () throws(Errno) in
            defer { try? SystemCalls.signalAll(SIGCONT) }
            try SystemCalls.signalAll(SIGSTOP)
            return try body()
        }
    }
}
