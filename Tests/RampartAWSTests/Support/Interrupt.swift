import Glibc

/// A descriptor that is readable from the start or never, as the one that says that the process is to stop.
final class Interrupt: Sendable {
    let descriptor: CInt
    private let other: CInt

    init(isRaised: Bool) {
        var ends: [CInt] = [-1, -1]
        // SAFETY: pipe writes two descriptors.
        precondition(unsafe pipe(&ends) == 0)
        (descriptor, other) = (ends[0], ends[1])
        // SAFETY: the one byte outlives the call.
        if isRaised { precondition(unsafe write(other, [UInt8(1)], 1) == 1) }
    }

    deinit {
        close(descriptor)
        close(other)
    }
}
