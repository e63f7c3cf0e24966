import CSandbox
import RampartCore

/// Finds the processes of a run in `/proc`.
enum RunProcesses {
    /// The processes of this host that are no run's.
    struct Own {
        let host: Int32
        let zygote: Int32

        var all: [Int32] { [host, zygote] }
    }

    /// Returns the living processes of a user that is no one but a run.
    static func list(of user: UInt32) -> [Int32] {
        living { ProcessStatus.users(of: $0).contains(user) }
    }

    /// Returns the living processes of the run's own user or, where that is the host's, those that bear the
    /// brand.
    static func list(of user: UInt32?, sparing own: Own) -> [Int32] {
        if let user { return list(of: user) }
        return living { !own.all.contains($0) && isBranded($0) && !isOfAnotherHost($0, own) }
    }

    private static func living(where isWanted: (Int32) -> Bool) -> [Int32] {
        guard let directory = try? SystemCalls.openDirectory("/proc"),
            let reader = try? DirectoryReader(directory)
        else { return [] }
        var found: [Int32] = []
        while let entry = reader.next() {
            guard let pid = Int32(String(decoding: entry.name, as: UTF8.self)) else { continue }
            if isWanted(pid), !ProcessStatus.isZombie(pid) { found.append(pid) }
        }
        return found
    }

    /// A worker may lower its brand further, so a limit below it is one too.
    private static func isBranded(_ pid: Int32) -> Bool {
        guard ProcessStatus.users(of: pid).contains(SystemCalls.user),
            let limit = ProcessStatus.pendingSignalsLimit(of: pid)
        else { return false }
        return limit <= UInt64(RAMPART_BRAND)
    }

    /// Whether the process is a worker of another host that the same person runs: its parent is then a zygote,
    /// which is not ours and has no brand.
    private static func isOfAnotherHost(_ pid: Int32, _ own: Own) -> Bool {
        guard let parent = ProcessStatus.parent(of: pid), parent != own.zygote, !isBranded(parent)
        else {
            return false
        }
        return ZygoteCommand.isCommandLine(ProcessStatus.commandLine(of: parent))
    }
}
