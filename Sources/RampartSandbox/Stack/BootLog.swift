import SystemPackage

/// What R printed before it was ready, for the fault where it never is.
final class BootLog {
    private let pipe: OwnedDescriptor
    private var bytes: [UInt8] = []
    private var isOver = false

    init(_ pipe: OwnedDescriptor) { self.pipe = pipe }

    /// The pipe, while there may be more.
    var open: [OwnedDescriptor] { isOver ? [] : [pipe] }

    /// Reads what is there.
    func drain() {
        while !isOver {
            switch try? SystemCalls.read(pipe, upTo: 4096) {
            case .bytes(let read): bytes = (bytes + read).suffix(Self.mostBytes)
            case .nothingYet: return
            case .end, nil: isOver = true
            }
        }
    }

    /// The last lines as one sentence.
    var lastWords: String {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).suffix(6)
        return lines.isEmpty ? "it ended without a word" : lines.joined(separator: " ")
    }

    private static let mostBytes = 2048
}
