import RampartCore
import SystemPackage

/// Finds the processes of a run in `/proc`.
enum RunProcesses {
    /// Whose processes are looked for.
    enum Owner: Sendable, Hashable {
        /// A user that is no one but the run.
        case user(UInt32)
        /// The host's own user, of whom these tags tell the slot's processes.
        case tag(RunTag)
        /// The same, and all that an earlier life of the environment left: there is no other user of this kind.
        case anyTag
    }

    /// Returns the living processes of an owner.
    ///
    /// - Throws: if they cannot be listed, or one of them cannot be read.
    static func list(of owner: Owner) throws(Errno) -> [Int32] {
        try ProcessStatus.living { pid throws(Errno) in try isOf(owner, pid) }
    }

    /// Kills a process that ``list(of:)`` gave, and never one that has its number by now.
    ///
    /// - Returns: what is readable when it is dead; nil if the kernel refuses pidfds.
    static func kill(_ pid: Int32, of owner: Owner) throws(Errno) -> OwnedDescriptor? {
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
        if try isOf(owner, pid) { SystemCalls.kill(process, numbered: pid) }
        return process
    }

    private static func isOf(_ owner: Owner, _ pid: Int32) throws(Errno) -> Bool {
        if pid == SystemCalls.processID { return false }
        switch owner {
        case .user(let user): return try ProcessStatus.users(of: pid).contains(user)
        case .tag(let tag):
            guard try tag.isBorne(by: pid) else { return false }
            return try !isOfAnotherHost(pid)
        case .anyTag:
            if try RunTag.isAnyBorne(by: pid) { return try !isOfAnotherHost(pid) }
            guard try isZygote(pid) else { return false }
            return try !isOfLivingHost(pid)
        }
    }

    /// Whether it is a zygote of the host's user: it has no tag.
    private static func isZygote(_ pid: Int32) throws(Errno) -> Bool {
        guard try ProcessStatus.users(of: pid).contains(SystemCalls.user) else { return false }
        return ZygoteCommand.isCommandLine(ProcessStatus.commandLine(of: pid))
    }

    /// Whether a zygote's host lives, this one among them: else it is what an earlier life left, stopped.
    private static func isOfLivingHost(_ zygote: Int32) throws(Errno) -> Bool {
        guard let parent = try ProcessStatus.parent(of: zygote) else { return true }
        return parent == SystemCalls.processID || HostClaim.isHost(parent)
    }

    /// Whether a process descends from the zygote of another host that lives.
    private static func isOfAnotherHost(_ pid: Int32) throws(Errno) -> Bool {
        var ancestor = pid
        for _ in 0..<mostAncestors {
            guard let parent = try ProcessStatus.parent(of: ancestor), parent > 1 else {
                return false
            }
            ancestor = parent
            if try RunTag.isAnyBorne(by: ancestor) { continue }
            guard try isZygote(ancestor), let host = try ProcessStatus.parent(of: ancestor) else {
                return false
            }
            return host != SystemCalls.processID && HostClaim.isHost(host)
        }
        return false
    }

    /// Whether another host of this user lives.
    ///
    /// A run can claim a host's name too, but it bears a tag, and a zygote is no host.
    static func isThereAnotherHost() throws(Errno) -> Bool {
        let hosts = try ProcessStatus.living { pid throws(Errno) in
            guard pid != SystemCalls.processID,
                try ProcessStatus.users(of: pid).contains(SystemCalls.user),
                try !RunTag.isAnyBorne(by: pid)
            else { return false }
            return try !isZygote(pid) && HostClaim.isHost(pid)
        }
        return !hosts.isEmpty
    }

    /// A chain of more would be a run's.
    private static let mostAncestors = 64
}
