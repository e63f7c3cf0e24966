import RampartCore

/// The users that runs are, where the host may choose: as root, one after the other out of a range that
/// neither Debian nor systemd hands out.
struct RunUsers {
    private static let range: ClosedRange<UInt32> = 60_600...61_099
    private var last = range.upperBound

    /// Returns the next user; nil where the host is no one but itself.
    mutating func next() -> UInt32? {
        guard SystemCalls.user == 0 else { return nil }
        last = last == Self.range.upperBound ? Self.range.lowerBound : last + 1
        return last
    }
}
