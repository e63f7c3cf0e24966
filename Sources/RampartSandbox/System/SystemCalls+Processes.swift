import CSandbox
import Glibc
import RampartCore
import SystemPackage

/// Processes, by pid and pidfd.
extension SystemCalls {
    /// Asks a child to end.
    static func terminate(_ pid: pid_t) { _ = Glibc.kill(pid, SIGTERM) }

    /// Opens the pidfd of a process that cannot be reaped meanwhile.
    static func pidfd(of pid: pid_t) throws(Errno) -> OwnedDescriptor {
        owned(try check(rampart_pidfd_open(pid)))
    }

    /// Sends SIGKILL to the process and to the group that it leads.
    static func killGroup(of pid: pid_t) {
        // Before it has a session of its own there is no such group; then it is alone.
        _ = Glibc.kill(-pid, SIGKILL)
        kill(pid)
    }

    /// Reaps a child of the host, waiting for it, and returns how it ended.
    @discardableResult
    static func reap(_ pid: pid_t) -> WorkerExit.Status {
        var word: CInt = 0
        // SAFETY: one status word is written.
        while unsafe waitpid(pid, &word, 0) < 0 && errno == EINTR {}
        HostChildren.forget(pid)
        return WorkerExit.status(fromWait: word)
    }

    /// Reaps a child that the host did not start, if it has died.
    static func reapOrphan(_ pid: pid_t) { _ = waitpid(pid, nil, WNOHANG) }

    /// Whether a child of the host has died; reaps it then.
    @discardableResult
    static func hasDied(_ pid: pid_t) -> Bool {
        guard waitpid(pid, nil, WNOHANG) == pid else { return false }
        HostChildren.forget(pid)
        return true
    }

    /// Whether the user is one who can log in: passwd(5).
    static func isPerson(_ user: UInt32) -> Bool {
        let lines = (text(of: "/etc/passwd", upTo: 1 << 20) ?? "").split(separator: "\n")
        let fields = lines.map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        guard let account = fields.first(where: { $0.count > 6 && $0[2] == "\(user)"[...] }) else {
            return false
        }
        return !["nologin", "false"].contains { account[6].hasSuffix($0) }
    }

    /// Sends SIGKILL to one process.
    static func kill(_ pid: pid_t) { _ = Glibc.kill(pid, SIGKILL) }

    /// The same by its pidfd, so that it meets no other process; by its number where the kernel refuses that.
    static func kill(_ process: OwnedDescriptor, numbered pid: pid_t) {
        if rampart_pidfd_kill(process.descriptor.rawValue) < 0, errno != ESRCH { kill(pid) }
    }

    /// How the kernel schedules a process, as bytes to compare; see `rampart_scheduling`.
    static func scheduling(of pid: pid_t) -> [UInt8] {
        let size = Int(RAMPART_SCHEDULING_BYTES)
        // SAFETY: exactly that many bytes are written.
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            guard let base = buffer.baseAddress else { return }
            unsafe rampart_scheduling(pid, base)
            initialized = size
        }
    }

    /// The user that the host runs as.
    static var user: UInt32 { geteuid() }

    /// The host's own pid.
    static var processID: Int32 { getpid() }

    /// Sends a signal to every process that the host may signal, but itself; see `rampart_signal_all`.
    static func signalAll(_ number: Int32) throws(Errno) { try check(rampart_signal_all(number)) }

    /// Kills all processes of a user at once; see `rampart_kill_all_of`.
    static func killAll(of user: UInt32) throws(Errno) {
        _ = try HostChildren.alone { () throws(Errno) in try check(rampart_kill_all_of(user)) }
    }
}
