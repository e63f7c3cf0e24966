import RampartCore
import Testing

@Suite("The end of a picture's file")
struct PictureEndTests {
    @Test(arguments: [
        (MediaType.pdf, "startxref\n9\n%%EOF\n", true), (.pdf, "stream\nBT", false),
        (.svg, "<path/>\n</svg>\n", true), (.svg, "<path d='M0", false),
        (.postscript, "%%EOF", true), (.postscript, "0 0 m", false),
        (.png, "IEND\u{1}\u{2}", true), (.png, "IDAT", false), (.gif, "a;", true),
        (.gif, "a", false),
        (.csv, "a,b", true), (.text, "x", true),
    ]) func `is looked for in pictures only`(type: MediaType, end: String, isWhole: Bool) {
        #expect(PictureEnd.isWhole(type, name: "a", end: Array(end.utf8)) == isWhole)
    }

    @Test func `is missing in an empty file of a device`() {
        #expect(!PictureEnd.isWhole(.text, name: "a.PDF", end: []))
        #expect(PictureEnd.isWhole(.text, name: "a.txt", end: []))
        #expect(PictureEnd.isWhole(.jpeg, name: "a", end: [1, 0xFF, 0xD9]))
    }
}
