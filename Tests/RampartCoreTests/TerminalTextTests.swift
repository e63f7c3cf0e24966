import RampartCore
import Testing

@Suite("Text as a terminal shows it")
struct TerminalTextTests {
    struct Row: CustomTestStringConvertible {
        let printed: String
        let shown: String

        init(_ printed: String, _ shown: String) {
            self.printed = printed
            self.shown = shown
        }

        var testDescription: String { printed.debugDescription }
    }

    static let rows = [
        Row("plain\ntext", "plain\ntext"),
        Row("10%\r20%\r100%\ndone", "100%\ndone"),
        Row("a longer line\rshort\n", "shortger line\n"),
        Row("größer\rkl\n", "klößer\n"),
        Row("windows\r\nlines\r\n", "windows\nlines\n"),
        Row("kept\r", "kept"),
        Row("\r\rx", "x"),
        Row("bar 1\r\u{1B}[Kok\n", "ok\n"),
        Row("gone\u{1B}[2Kok\n", "ok\n"),
        Row("\u{1B}[1;31mred\u{1B}[0m", "red"),
        Row("\u{1B}]8;;http://x\u{7}link\u{1B}]8;;\u{1B}\\ on", "link on"),
        Row("|/\u{8}-\u{8}ü\u{8}!", "|!"),
        Row("\u{1B}", ""),
        Row("cut \u{1B}[31", "cut "),
    ]

    @Test(arguments: rows) func `is what was left of each line`(row: Row) {
        let shown = TerminalText.shown(Array(row.printed.utf8))
        #expect(String(decoding: shown, as: UTF8.self) == row.shown)
    }

    @Test(arguments: rows) func `is the same however it was read`(row: Row) {
        var text = TerminalText()
        var shown: [UInt8] = []
        for byte in row.printed.utf8 { shown += text.take([byte]) }
        shown += text.finish()
        #expect(String(decoding: shown, as: UTF8.self) == row.shown)
    }

    @Test func `holds no more than a line back`() {
        let long = [UInt8](repeating: 65, count: 1 << 20)
        var text = TerminalText()
        #expect(text.take(Array("first\nsec".utf8)) == Array("first\n".utf8))
        #expect(text.take(long).count > 1 << 19)
        #expect(text.take([0x1B, UInt8(ascii: "]")] + long).count > 1 << 19)
    }
}
