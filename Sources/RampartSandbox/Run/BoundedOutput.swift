import RampartCore

/// A stream that is drained to its end, of which the beginning and the end are kept, as far as its cap.
struct BoundedOutput {
    /// The first half of what the cap admits.
    private var kept: [UInt8] = []
    /// What came last after that: the other half at least.
    private var tail: [UInt8] = []
    private(set) var total = 0
    /// What of it a terminal would show.
    private var shown = 0
    private var screen = TerminalText()
    private(set) var isOver = false

    private let pipe: OwnedDescriptor
    private let cap: Int

    init(_ pipe: OwnedDescriptor, cap: Int) {
        self.pipe = pipe
        self.cap = cap
    }

    /// The pipe, while there may be more.
    var open: OwnedDescriptor? { isOver ? nil : pipe }

    var text: CapturedText {
        var last = self
        last.keep(last.screen.finish())
        return last.keptText
    }

    private var keptText: CapturedText {
        let isWhole = shown <= cap
        let room = isWhole ? cap : max(0, cap - cap / 2 - CapturedText.mostGapBytes)
        return CapturedText(
            kept: kept,
            tail: Array(tail.suffix(room)),
            shown: shown,
            bytes: total
        )
    }

    /// Reads once; nil where there is nothing to read now.
    mutating func read() -> [UInt8]? {
        guard !isOver else { return nil }
        switch try? SystemCalls.read(pipe, upTo: Self.chunk) {
        case .bytes(let bytes):
            total += bytes.count
            keep(screen.take(bytes))
            return bytes
        case .nothingYet: return nil
        case .end, nil:
            isOver = true
            return nil
        }
    }

    private mutating func keep(_ bytes: [UInt8]) {
        shown += bytes.count
        let first = bytes.prefix(cap / 2 - kept.count)
        kept += first
        tail += bytes.dropFirst(first.count)
        let most = cap - cap / 2
        // Not each time, so that a byte is moved but once or twice.
        if tail.count > 2 * most { tail.removeFirst(tail.count - most) }
    }

    /// The size of a pipe.
    private static let chunk = 64 << 10
}
