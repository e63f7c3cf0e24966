import Glibc

/// Signals that must not end the host.
enum HostSignals {
    /// Ignores them; a call that fails for the same reason says so.
    static func ignore() {
        for number in ignored { signal(number, SIG_IGN) }
    }

    /// Of a peer that hangs up; of limits, timers and descriptors that a neighbour of the same user can set;
    /// and those that nobody has a use for here.
    private static let ignored = [
        SIGPIPE, SIGXFSZ, SIGXCPU, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGUSR1, SIGUSR2,
    ]
}
