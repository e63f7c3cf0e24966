import RampartCore

/// Finds the processes of a run in `/proc`.
enum RunProcesses {
    /// The processes of this host that are no run's, and how it brands those that are.
    struct Own {
        let host: Int32
        let zygote: Int32
        let brand: Brand
        /// Whether all else that is the host's user is a run's, if it bears the brand or is a zygote: there is no
        /// other host.
        var isAlone = false

        var all: [Int32] { [host, zygote] }
    }

    /// Returns the living processes of a user that is no one but a run.
    static func list(of user: UInt32) -> [Int32] {
        ProcessStatus.living { ProcessStatus.users(of: $0).contains(user) }
    }

    /// Returns the living processes of the run's own user or, where that is the host's, those that bear the
    /// brand.
    static func list(of user: UInt32?, sparing own: Own) -> [Int32] {
        if let user { return list(of: user) }
        return ProcessStatus.living { isStray($0, sparing: own) }
    }

    /// Kills a process that ``list(of:sparing:)`` gave, and never one that has its number by now.
    ///
    /// - Returns: what is readable when it is dead; nil where the kernel refuses pidfds.
    static func kill(_ pid: Int32, of user: UInt32?, sparing own: Own) -> OwnedDescriptor? {
        guard let process = try? SystemCalls.pidfd(of: pid) else {
            SystemCalls.kill(pid)
            return nil
        }
        let isStill =
            if let user { ProcessStatus.users(of: pid).contains(user) } else {
                isStray(pid, sparing: own)
            }
        if isStill { SystemCalls.kill(process, numbered: pid) }
        return process
    }

    /// Reaps what has become the host's child by the death of its parent.
    static func reapOrphans(sparing own: Own) {
        let children = ProcessStatus.all { ProcessStatus.parent(of: $0) == own.host }
        for child in children where child != own.zygote { SystemCalls.hasDied(child) }
    }

    private static func isStray(_ pid: Int32, sparing own: Own) -> Bool {
        if own.all.contains(pid) { return false }
        if own.brand.isBorne(by: pid) { return own.isAlone || !isOfAnotherHost(pid, own) }
        return own.isAlone && isZygote(pid)
    }

    /// Whether it is a zygote: but for our own, one that an earlier life left, stopped.
    private static func isZygote(_ pid: Int32) -> Bool {
        ProcessStatus.users(of: pid).contains(SystemCalls.user)
            && ZygoteCommand.isCommandLine(ProcessStatus.commandLine(of: pid))
    }

    /// Whether the process is a worker of another host that the same person runs: its parent is then a zygote,
    /// which is not ours and has no brand.
    private static func isOfAnotherHost(_ pid: Int32, _ own: Own) -> Bool {
        guard let parent = ProcessStatus.parent(of: pid), parent != own.zygote,
            !own.brand.isBorne(by: parent)
        else {
            return false
        }
        return ZygoteCommand.isCommandLine(ProcessStatus.commandLine(of: parent))
    }
}
