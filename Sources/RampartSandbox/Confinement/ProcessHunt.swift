import Glibc
import RampartCore
import SystemPackage

/// Kills all processes of a run, however fast they start others.
///
/// A look over `/proc` can miss a process whose number it has passed. A chain of processes, each of which starts
/// the next and ends, is missed again and again. So a look that finds nothing counts only if nothing could fork
/// meanwhile:
///
/// | the run | how |
/// | --- | --- |
/// | could not fork, because the system call filter refuses it | one look |
/// | had a user of its own | first a signal to all that is that user's, which is atomic against forks |
/// | was the host's user, which is no person's | a look while all processes of that user are stopped, and nothing starts |
/// | was the host's user, on a person's machine | looks until one sees no process start |
struct ProcessHunt {
    private let owner: RunProcesses.Owner
    private let mayFork: Bool
    private let canFreeze: Bool

    /// - Parameters:
    ///   - owner: whose processes are hunted.
    ///   - mayFork: whether no layer kept them from forking.
    ///   - isAlone: whether nobody but hosts and their runs is the host's user.
    init(_ owner: RunProcesses.Owner, mayFork: Bool, isAlone: Bool) {
        self.owner = owner
        self.mayFork = mayFork
        canFreeze = isAlone && !SystemCalls.isPerson(SystemCalls.user)
    }

    /// Returns when none is left.
    ///
    /// - Throws: `Errno.timedOut` if one lives at that instant; what the kernel says if they cannot be seen.
    func run(until end: ContinuousClock.Instant) throws(Errno) {
        guard mayFork else { return try look(until: end) { () throws(Errno) in true } }
        if case .user(let user) = owner {
            let isAtomic = (try? SystemCalls.killAll(of: user)) != nil
            return try look(until: end) { () throws(Errno) in
                if isAtomic { return true }
                return try nothingForks()
            }
        }
        if canFreeze { return try lookFrozen(until: end) }
        try look(until: end, isCertain: nothingForks)
    }

    /// Looks and kills until a look finds nothing and is certain.
    private func look(
        until end: ContinuousClock.Instant,
        isCertain: () throws(Errno) -> Bool
    ) throws(Errno) {
        while true {
            let found = try RunProcesses.list(of: owner)
            if found.isEmpty, try isCertain() { return }
            guard ContinuousClock.now < end else { throw .timedOut }
            try waitFor(kill(found), until: end)
        }
    }

    /// Whether a further look, during which no process was started on this machine, finds nothing either.
    ///
    /// On a busy machine some look has to do; there three in a row count.
    private func nothingForks() throws(Errno) -> Bool {
        for _ in 0..<Self.mostLooks {
            let before = ProcessStatus.lastPID
            guard try RunProcesses.list(of: owner).isEmpty else { return false }
            if let before, before == ProcessStatus.lastPID { return true }
        }
        return true
    }

    /// Looks while everything is stopped, until a look finds nothing and nothing forked during it.
    ///
    /// What has itself continued all the time cannot be found so. It is killed with everything else of the user, the
    /// zygote among it: this environment is not used again.
    private func lookFrozen(until end: ContinuousClock.Instant) throws(Errno) {
        while true {
            let look = try Freeze.whileFrozen { () throws(Errno) in
                let before = ProcessStatus.lastPID
                let deaths = try kill(try RunProcesses.list(of: owner))
                return (deaths: deaths, isCertain: before == ProcessStatus.lastPID)
            }
            if let look, look.deaths.isEmpty, look.isCertain { return }
            guard ContinuousClock.now < end else { break }
            let deaths: [OwnedDescriptor]
            if let look {
                deaths = look.deaths
            } else {
                deaths = try kill(RunProcesses.list(of: owner))
            }
            try waitFor(deaths, until: end)
        }
        if try !RunProcesses.isThereAnotherHost() { try? SystemCalls.signalAll(SIGKILL) }
        throw .timedOut
    }

    private func kill(_ pids: [Int32]) throws(Errno) -> [OwnedDescriptor] {
        var deaths: [OwnedDescriptor] = []
        for pid in pids {
            if let death = try RunProcesses.kill(pid, of: owner) { deaths.append(death) }
        }
        return deaths
    }

    private func waitFor(
        _ deaths: [OwnedDescriptor],
        until end: ContinuousClock.Instant
    ) throws(Errno) {
        _ = try SystemCalls.wait(for: deaths, until: min(end, .now + Watchdog.tick))
    }

    private static let mostLooks = 3
}
