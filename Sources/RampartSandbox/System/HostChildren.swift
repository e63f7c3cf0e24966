import Synchronization
import SystemPackage

/// The processes that the host itself has started and will reap: all else that becomes its child is an orphan.
///
/// The first process of a container gets every orphan as its child. To reap those and nothing else, they must be
/// told from R on its way, which another thread may just have started.
enum HostChildren {
    private static let started = Mutex<Set<Int32>>([])

    /// Starts a process by `start`, which returns its pid, and notes it.
    static func start(_ start: () throws(Errno) -> Int32) throws(Errno) -> Int32 {
        try started.withLock { (pids) throws(Errno) in
            let pid = try start()
            pids.insert(pid)
            return pid
        }
    }

    /// Calls `body`, which starts a process and reaps it, while no orphan is reaped.
    static func alone<Result>(_ body: () throws(Errno) -> Result) throws(Errno) -> Result {
        try started.withLock { (_) throws(Errno) in try body() }
    }

    /// Forgets a process that has been reaped.
    static func forget(_ pid: Int32) { started.withLock { _ = $0.remove(pid) } }

    /// Reaps the orphans that have died, if the host is the first process of its container.
    static func reapOrphans() {
        guard SystemCalls.processID == 1 else { return }
        started.withLock { pids in
            let children = try? ProcessStatus.all { pid throws(Errno) in
                try ProcessStatus.parent(of: pid) == SystemCalls.processID
            }
            for child in children ?? [] where !pids.contains(child) {
                SystemCalls.reapOrphan(child)
            }
        }
    }
}
