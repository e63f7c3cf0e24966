import RampartCore

/// A stream that is drained to its end and kept only as far as its cap.
struct BoundedOutput {
    private(set) var kept: [UInt8] = []
    private(set) var total = 0
    private(set) var isOver = false

    private let pipe: OwnedDescriptor
    private let cap: Int

    init(_ pipe: OwnedDescriptor, cap: Int) {
        self.pipe = pipe
        self.cap = cap
    }

    /// The pipe, while there may be more.
    var open: OwnedDescriptor? { isOver ? nil : pipe }

    var text: CapturedText { CapturedText(kept: kept, bytes: total) }

    /// Reads once; nil where there is nothing to read now.
    mutating func read() -> [UInt8]? {
        guard !isOver else { return nil }
        switch try? SystemCalls.read(pipe, upTo: Self.chunk) {
        case .bytes(let bytes):
            total += bytes.count
            kept += bytes.prefix(max(0, cap - kept.count))
            return bytes
        case .nothingYet: return nil
        case .end, nil:
            isOver = true
            return nil
        }
    }

    /// The size of a pipe.
    private static let chunk = 64 << 10
}
