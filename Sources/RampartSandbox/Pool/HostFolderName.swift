import SystemPackage

/// The names of hosts' own folders: `rampart-`, the host's pid, its start time, which no two processes share, and
/// a number that no one can guess ahead.
enum HostFolderName {
    /// Returns a fresh name for this host.
    static func make() -> String {
        let pid = SystemCalls.processID
        let start = ProcessStatus.startTime(of: pid) ?? 0
        return "\(prefix)\(pid)-\(start)-\(UInt32.random(in: .min ... .max))"
    }

    /// Whether an entry is the folder of a host of this user that is dead.
    static func isOfDeadHost(_ name: [UInt8], in folder: OwnedDescriptor) -> Bool {
        guard let numbers = numbers(in: name), !isRunning(numbers),
            SystemCalls.owner(of: name, in: folder) == SystemCalls.user
        else { return false }
        return !isLocked(name, in: folder)
    }

    /// Whether an entry is the folder of another host that lives: it holds the lock, and no run that is dead can for
    /// long.
    ///
    /// A ring of io_uring, which the kernel takes apart after its process's death, keeps a lock for some 50 ms more.
    static func isOfLivingHost(_ name: [UInt8], in folder: OwnedDescriptor) -> Bool {
        guard let numbers = numbers(in: name), isLocked(name, in: folder) else { return false }
        let isHere = numbers.pid != SystemCalls.processID && isRunning(numbers)
        if isHere, HostClaim.isHost(numbers.pid) { return true }
        // It may be a host's that sees other pids.
        let end = ContinuousClock.now + patience
        while isLocked(name, in: folder) {
            guard ContinuousClock.now < end else { return true }
            _ = try? SystemCalls.wait(for: [], until: .now + Watchdog.tick)
        }
        return false
    }

    private static func isLocked(_ name: [UInt8], in folder: OwnedDescriptor) -> Bool {
        guard let opened = try? SystemCalls.open(name, beneath: folder, asDirectory: true) else {
            return false
        }
        return (try? SystemCalls.lock(opened)) == false
    }

    private static func isRunning(_ numbers: (pid: Int32, start: UInt64)) -> Bool {
        ProcessStatus.startTime(of: numbers.pid) == numbers.start
    }

    private static func numbers(in name: [UInt8]) -> (pid: Int32, start: UInt64)? {
        let name = String(decoding: name, as: UTF8.self)
        guard name.hasPrefix(prefix) else { return nil }
        let numbers = name.dropFirst(prefix.count).split(separator: "-").compactMap { UInt64($0) }
        guard numbers.count == 3, let pid = Int32(exactly: numbers[0]) else { return nil }
        return (pid, numbers[1])
    }

    private static let patience = Duration.milliseconds(200)
    private static let prefix = "rampart-"
}
