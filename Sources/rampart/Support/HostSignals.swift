import Glibc

/// Signals that must not end the host.
enum HostSignals {
    /// Ignores what a peer that hangs up, or a neighbour of the same user that lowers the host's
    /// RLIMIT_FSIZE, would otherwise kill the host with; the calls that fail say so.
    static func ignore() {
        for number in [SIGPIPE, SIGXFSZ] {
            signal(number, SIG_IGN)
        }
    }
}
