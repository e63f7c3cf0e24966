import RampartCore
import SystemPackage

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
    static func list(of user: UInt32) throws(Errno) -> [Int32] {
        try ProcessStatus.living { pid throws(Errno) in
            try ProcessStatus.users(of: pid).contains(user)
        }
    }

    /// Returns the living processes of the run's own user or, where that is the host's, those that bear the
    /// brand.
    static func list(of user: UInt32?, sparing own: Own) throws(Errno) -> [Int32] {
        if let user { return try list(of: user) }
        return try ProcessStatus.living { pid throws(Errno) in try isStray(pid, sparing: own) }
    }

    /// Kills a process that ``list(of:sparing:)`` gave, and never one that has its number by now.
    ///
    /// - Returns: what is readable when it is dead; nil where the kernel refuses pidfds.
    static func kill(
        _ pid: Int32,
        of user: UInt32?,
        sparing own: Own
    ) throws(Errno) -> OwnedDescriptor? {
        let process: OwnedDescriptor
        do {
            process = try SystemCalls.pidfd(of: pid)
        } catch {
            guard error == .noFunction || error == .notPermitted else {
                if error == .noSuchProcess { return nil }
                throw error
            }
            SystemCalls.kill(pid)
            return nil
        }
        let isStill =
            if let user { try ProcessStatus.users(of: pid).contains(user) } else {
                try isStray(pid, sparing: own)
            }
        if isStill { SystemCalls.kill(process, numbered: pid) }
        return process
    }

    /// Reaps what has become the host's child by the death of its parent.
    static func reapOrphans(sparing own: Own) throws(Errno) {
        let children = try ProcessStatus.all { pid throws(Errno) in
            try ProcessStatus.parent(of: pid) == own.host
        }
        for child in children where child != own.zygote { SystemCalls.hasDied(child) }
    }

    private static func isStray(_ pid: Int32, sparing own: Own) throws(Errno) -> Bool {
        if own.all.contains(pid) { return false }
        if try own.brand.isBorne(by: pid) {
            if own.isAlone { return true }
            return try !isOfAnotherHost(pid, own)
        }
        return own.isAlone ? try isZygote(pid) : false
    }

    /// Whether it is a zygote: but for our own, one that an earlier life left, stopped.
    private static func isZygote(_ pid: Int32) throws(Errno) -> Bool {
        try ProcessStatus.users(of: pid).contains(SystemCalls.user)
            && ZygoteCommand.isCommandLine(ProcessStatus.commandLine(of: pid))
    }

    /// Whether the process is a worker of another host that the same person runs: its parent is then a zygote,
    /// which is not ours and has no brand.
    private static func isOfAnotherHost(_ pid: Int32, _ own: Own) throws(Errno) -> Bool {
        guard let parent = try ProcessStatus.parent(of: pid), parent != own.zygote,
            try !own.brand.isBorne(by: parent)
        else {
            return false
        }
        return ZygoteCommand.isCommandLine(ProcessStatus.commandLine(of: parent))
    }
}
