import CSandbox
import Glibc
import SystemPackage

/// Signals that ask the host to stop.
extension SystemCalls {
    /// Notes SIGTERM and SIGINT from now on, where the kernel lets it; see `rampart_heed_stop`.
    static func heedStop() { _ = rampart_heed_stop() }

    /// Readable once one of them has come; -1 where they are not heeded.
    static var stopDescriptor: Int32 { rampart_stop_descriptor() }

    /// The first signal that was noted.
    static var stopSignal: Int32? {
        let number = rampart_stop_signal()
        return number == 0 ? nil : number
    }

    /// Whether that signal came from a process of the host's own user other than the host's parent.
    static var isStopFromOwnUser: Bool { rampart_stop_is_from_own_user() }

    /// Ends this process with a signal's standard effect.
    static func die(of number: Int32) {
        signal(number, SIG_DFL)
        raise(number)
    }
}
