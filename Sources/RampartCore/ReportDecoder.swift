/// Cuts the bytes of the report pipe into frames; see `docs/protocol.md`.
package struct ReportDecoder: Sendable {
    /// What one frame may hold, in bytes, and what all may hold together.
    package static let frameMax = 1 << 20
    package static let reportMax = 8 << 20

    private var pending: [UInt8] = []
    /// Where the next frame begins in what is pending.
    private var start = 0
    private var total = 0
    /// Whether a frame was malformed or a cap was passed; what follows is not read.
    package private(set) var isBroken = false

    package init() {}

    /// Takes what was read.
    package mutating func take(_ bytes: [UInt8]) {
        total += bytes.count
        isBroken = isBroken || total > Self.reportMax
        guard !isBroken else { return }
        pending.removeFirst(start)
        start = 0
        pending += bytes
    }

    /// Returns the next frame; nil where none is complete.
    ///
    /// One at a time, for a read may hold thousands, and whoever takes them has an eye on the time.
    package mutating func next() -> JSONValue? {
        guard !isBroken, let length = frameLength(at: start) else { return nil }
        guard length <= Self.frameMax else {
            isBroken = true
            return nil
        }
        let body = start + Self.headerBytes
        guard pending.count - body >= length else { return nil }
        let text = Array(pending[body..<body + length])
        start = body + length
        let frame = try? JSONValue(parsing: text, nestedAtMost: Self.mostNesting)
        isBroken = frame == nil
        return frame
    }

    private func frameLength(at start: Int) -> Int? {
        guard pending.count - start >= Self.headerBytes else { return nil }
        return pending[start..<start + Self.headerBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static let headerBytes = 4
    /// Far more than an honest worker needs, and far less than an encoder refuses.
    private static let mostNesting = 64
}
