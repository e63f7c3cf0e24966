/// Cuts the bytes of the report pipe into frames; see `docs/protocol.md`.
package struct ReportDecoder: Sendable {
    /// What one frame may hold, in bytes, and what all may hold together.
    package static let frameMax = 1 << 20
    package static let reportMax = 8 << 20

    private var pending: [UInt8] = []
    /// Where the next frame begins in what is pending.
    private var start = 0
    private var total = 0
    /// How many JSON values and names may still come.
    private var nodes = Self.mostNodes
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
    package mutating func next() -> ReportFrame? {
        guard !isBroken, let length = frameLength(at: start) else { return nil }
        guard length <= Self.frameMax else {
            isBroken = true
            return nil
        }
        let body = start + Self.headerBytes
        guard pending.count - body >= length else { return nil }
        let text = Array(pending[body..<body + length])
        start = body + length
        return frame(of: text)
    }

    // A frame of too many values is dropped, because a script may show such a thing. Nothing that the harness writes
    // takes more than all frames may have together, so past that nothing is read.
    private mutating func frame(of text: [UInt8]) -> ReportFrame? {
        var rest = min(nodes, Self.mostNodesInFrame)
        let allowed = rest
        defer { nodes -= allowed - rest }
        do {
            let json = try JSONValue(
                parsing: text,
                nestedAtMost: Self.mostNesting,
                spending: &rest
            )
            return ReportFrame(json)
        } catch is JSONValue.TooMany where allowed == Self.mostNodesInFrame {
            return .useless
        } catch {
            isBroken = true
            return nil
        }
    }

    private func frameLength(at start: Int) -> Int? {
        guard pending.count - start >= Self.headerBytes else { return nil }
        return pending[start..<start + Self.headerBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static let headerBytes = 4
    /// Values and names, which take the host some 50 bytes each for as long as it looks at their frame.
    private static let mostNodesInFrame = 1 << 16
    /// More than 8 MiB of the harness's smallest frames hold.
    private static let mostNodes = 1 << 21
    /// Far more than an honest worker needs, and far less than an encoder refuses.
    private static let mostNesting = 64
}
