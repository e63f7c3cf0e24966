/// Cuts the bytes of the report pipe into frames; see `docs/protocol.md`.
package struct ReportDecoder: Sendable {
    /// What one frame may hold, in bytes, and what all may hold together.
    package static let frameMax = 1 << 20
    package static let reportMax = 8 << 20

    private var pending: [UInt8] = []
    private var total = 0
    /// Whether a frame was malformed or a cap was passed; what follows is not read.
    package private(set) var isBroken = false

    package init() {}

    /// Takes what was read and returns the frames that are now complete.
    package mutating func take(_ bytes: [UInt8]) -> [JSONValue] {
        total += bytes.count
        isBroken = isBroken || total > Self.reportMax
        guard !isBroken else { return [] }
        pending += bytes
        var frames: [JSONValue] = []
        var start = 0
        while !isBroken, let length = frameLength(at: start) {
            guard length <= Self.frameMax else {
                isBroken = true
                break
            }
            let body = start + Self.headerBytes
            guard pending.count - body >= length else { break }
            let text = Array(pending[body..<body + length])
            if let frame = try? JSONValue(parsing: text, nestedAtMost: Self.mostNesting) {
                frames.append(frame)
            } else {
                isBroken = true
            }
            start = body + length
        }
        pending.removeFirst(start)
        return frames
    }

    private func frameLength(at start: Int) -> Int? {
        guard pending.count - start >= Self.headerBytes else { return nil }
        return pending[start..<start + Self.headerBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static let headerBytes = 4
    /// Far more than an honest worker needs, and far less than an encoder refuses.
    private static let mostNesting = 64
}
