/// The wish that this process stop: SIGTERM from the platform, or Ctrl-C at a desk.
///
/// Nothing happens in the signal's handler but a note. Whoever waits for long waits for ``descriptor`` too, and
/// then comes to its end in the ordinary way, which leaves no process and no folder behind; see
/// `docs/decisions/0005-stopping.md`.
package enum StopSignal {
    /// Takes note of SIGTERM and SIGINT from now on, where that is not done yet.
    package static func heed() {
        if descriptor < 0 { SystemCalls.heedStop() }
    }

    /// Whether the process has been asked to stop.
    package static var isRaised: Bool { SystemCalls.stopSignal != nil }

    /// Whether a process of the host's own user asked for it that is not the host's parent.
    static var isFromOwnUser: Bool { SystemCalls.isStopFromOwnUser }

    /// Readable, for good, once ``isRaised``; -1 where it is not heeded.
    package static var descriptor: Int32 { SystemCalls.stopDescriptor }

    /// Dies of the signal that was raised, so that a shell sees what it was; returns where none was.
    package static func takeEffect() {
        if let number = SystemCalls.stopSignal { SystemCalls.die(of: number) }
    }
}
