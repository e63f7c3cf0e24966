/// Turns what a program prints into what a terminal would show of it: lines that are redrawn count as they were left,
/// and codes for colours and the like are gone.
///
/// A line is held back until it ends, because a carriage return may begin it again.
package struct TerminalText: Sendable, Hashable {
    /// What was printed of the line since it last began.
    private var line: [UInt8] = []
    /// What stood there before; shown as far as nothing was printed over it.
    private var covered: [UInt8] = []
    /// An escape sequence that is not complete.
    private var escape: [UInt8] = []

    package init() {}

    /// Takes some bytes; returns those of the lines that are complete now.
    package mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        var shown: [UInt8] = []
        var rest = bytes[...]
        while let first = rest.first {
            if !escape.isEmpty {
                rest = rest.dropFirst()
                continueEscape(with: first)
                continue
            }
            switch first {
            case Self.newline:
                shown += endLine()
                shown.append(first)
            case Self.carriageReturn:
                beginAgain()
            case Self.backspace:
                removeLast()
            case Self.escapeByte:
                escape = [first]
            default:
                let run = rest.prefix { !Self.isSpecial($0) }
                line += run
                if line.count > Self.longestLine { shown += endLine() }
                rest = rest.dropFirst(run.count)
                continue
            }
            rest = rest.dropFirst()
        }
        return shown
    }

    /// Returns the line that nothing ended.
    package mutating func finish() -> [UInt8] {
        escape = []
        return endLine()
    }

    /// All of a text that is complete.
    package static func shown(_ bytes: [UInt8]) -> [UInt8] {
        var text = TerminalText()
        return text.take(bytes) + text.finish()
    }

    private mutating func endLine() -> [UInt8] {
        beginAgain()
        defer { covered = [] }
        return covered
    }

    /// Puts what was printed last over what stood there before.
    private mutating func beginAgain() {
        var hidden = line.count { !Self.isContinuation($0) }
        let visible = covered.firstIndex { byte in
            if !Self.isContinuation(byte) { hidden -= 1 }
            return hidden < 0
        }
        covered.replaceSubrange(..<(visible ?? covered.endIndex), with: line)
        line.removeAll(keepingCapacity: true)
    }

    private mutating func removeLast() {
        while let last = line.popLast(), Self.isContinuation(last) { continue }
    }

    /// ECMA-48: ESC [ up to a letter, ESC ] up to a bell or ESC \, or ESC and one byte.
    private mutating func continueEscape(with byte: UInt8) {
        escape.append(byte)
        let isOver =
            switch escape[1] {
            case UInt8(ascii: "["): escape.count > 2 && (0x40...0x7E).contains(byte)
            case UInt8(ascii: "]"):
                byte == Self.bell || escape.count > 2 && escape[escape.count - 2] == Self.escapeByte
            default: true
            }
        guard isOver || escape.count > Self.longestEscape else { return }
        // "Erase in line": what is at the cursor and behind it, or all of the line.
        if byte == UInt8(ascii: "K"), escape[1] == UInt8(ascii: "[") {
            covered = []
            if escape.contains(UInt8(ascii: "2")) { line = [] }
        }
        escape = []
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == newline || byte == carriageReturn || byte == backspace || byte == escapeByte
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let backspace: UInt8 = 0x08
    private static let bell: UInt8 = 0x07
    private static let escapeByte: UInt8 = 0x1B
    // A longer one is no progress bar.
    private static let longestLine = 1 << 10
    private static let longestEscape = 4 << 10
}
