import RampartCore

@testable import RampartAWS

/// Content made up as it is read, which remembers how much was asked for at once.
final class PatternContent: ArtifactContent {
    let byteCount: Int
    private let largest = Locked(0)

    init(byteCount: Int) { self.byteCount = byteCount }

    /// The most bytes that were asked for at once.
    var largestRead: Int { largest.withLock { $0 } }

    /// All bytes.
    var all: [UInt8] { (0..<byteCount).map(Self.byte) }

    func read(upTo count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        largest.withLock { $0 = max($0, count) }
        return (offset..<min(offset + count, byteCount)).map(Self.byte)
    }

    private static func byte(at offset: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: offset &* 7 >> 3)
    }
}
