import CSandbox
import RampartCore

/// Finds the processes of a run in `/proc`.
enum RunProcesses {
    /// Returns the living processes of the run's own user or, where that is the host's, those that bear the
    /// brand.
    static func list(of user: UInt32?) -> [Int32] {
        guard let directory = try? SystemCalls.openDirectory("/proc"),
            let reader = try? DirectoryReader(directory)
        else { return [] }
        var found: [Int32] = []
        while let entry = reader.next() {
            guard let pid = Int32(String(decoding: entry.name, as: UTF8.self)) else { continue }
            let isRuns = user.map { isOf($0, pid) } ?? isBranded(pid)
            if isRuns, !ProcessStatus.isZombie(pid) { found.append(pid) }
        }
        return found
    }

    private static func isOf(_ user: UInt32, _ pid: Int32) -> Bool {
        ProcessStatus.users(of: pid).contains(user)
    }

    /// A worker may lower its brand further, so a limit below it is one too.
    private static func isBranded(_ pid: Int32) -> Bool {
        guard ProcessStatus.users(of: pid).contains(SystemCalls.user),
            let limit = ProcessStatus.pendingSignalsLimit(of: pid)
        else { return false }
        return limit <= UInt64(RAMPART_BRAND)
    }
}
