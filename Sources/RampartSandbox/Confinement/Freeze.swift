import Glibc
import RampartCore
import Synchronization
import SystemPackage

/// Stops all processes of the host's user while leftover ones are looked for, so that none can start another
/// meanwhile.
///
/// Only for a user that no person logs in as: the zygote, other runs and other hosts of the user stop too, for as
/// long as a look over `/proc` takes. Two hosts that did so at once would stop each other for good, so it takes a
/// claim; a run that has it is no reason to wait.
///
/// A process may have the kernel continue it, by a timer or a connection that sends SIGCONT. So what `body` finds
/// counts only if it sees besides that nothing forked.
enum Freeze {
    /// Held while this process has stopped the others: its threads share the claim.
    private static let turn = Mutex(())

    /// Calls `body` while everything is stopped.
    ///
    /// - Returns: nil if another host has the claim.
    static func whileFrozen<Result: Sendable>(
        _ body: () throws(Errno) -> Result
    ) throws(Errno) -> Result? {
        try turn.withLock { (_) throws(Errno) in
            let claim = try? SystemCalls.claimName("rampart-freeze-\(SystemCalls.user)")
            if claim == nil, try RunProcesses.isThereAnotherHost() { return nil }
            return try withExtendedLifetime(claim) { () throws(Errno) in
                defer { try? SystemCalls.signalAll(SIGCONT) }
                try SystemCalls.signalAll(SIGSTOP)
                return try body()
            }
        }
    }
}
