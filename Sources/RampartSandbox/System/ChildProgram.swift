package import SystemPackage

/// A program that the host starts and ends, with the host's own environment and terminal.
package final class ChildProgram {
    private let pid: Int32
    private var isReaped = false

    /// Starts the program; it gets SIGTERM when the host dies.
    package init(_ path: String, arguments: [String]) throws(Errno) {
        pid = try SystemCalls.start(path, arguments: [path] + arguments)
    }

    deinit {
        guard !hasDied else { return }
        SystemCalls.terminate(pid)
        SystemCalls.reap(pid)
    }

    /// Whether it has ended.
    package var hasDied: Bool {
        if !isReaped { isReaped = SystemCalls.hasDied(pid) }
        return isReaped
    }
}
