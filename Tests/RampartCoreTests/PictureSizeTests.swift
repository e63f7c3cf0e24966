import Testing

@testable import RampartCore

@Suite("A picture's size")
struct PictureSizeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let type: MediaType
        let bytes: [UInt8]
        let size: PictureSize?

        init(_ description: String, _ type: MediaType, _ bytes: [UInt8], _ size: PictureSize? = nil)
        {
            testDescription = description
            self.type = type
            self.bytes = bytes
            self.size = size
        }
    }

    private static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]
    private static let exif: [UInt8] =
        [0xFF, 0xE1, 0x80, 0] + [UInt8](repeating: 0xFF, count: 0x7FFE)
    private static let frame: [UInt8] = [0xFF, 0xC2, 0, 17, 8, 0x01, 0x90, 0x02, 0x58, 3]

    private static func webp(_ chunk: String, _ rest: [UInt8]) -> [UInt8] {
        Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBP\(chunk)".utf8) + [0, 0, 0, 0] + rest
    }

    private static func svg(_ text: String, _ size: PictureSize? = nil) -> Row {
        Row(text, .svg, Array(text.utf8), size)
    }

    private static func size(_ width: Int, _ height: Int) -> PictureSize? {
        PictureSize(width: width, height: height)
    }

    @Test(arguments: [
        Row("PNG", .png, png + [0, 0, 0x06, 0x40, 0, 1, 0, 2], size(1600, 65_538)),
        Row("PNG of no width", .png, png + [0, 0, 0, 0, 0, 0, 0, 1]),
        Row("a PNG that is cut", .png, png + [0, 0, 0, 1, 0, 0, 0]),
        Row("another chunk", .png, png.dropLast() + [0x53, 0, 0, 0, 1, 0, 0, 0, 1]),
        Row("GIF", .gif, Array("GIF89a".utf8) + [0x2C, 0x01, 0x0A, 0], size(300, 10)),
        Row("a GIF that is cut", .gif, Array("GIF89a".utf8) + [1, 0]),
        Row("JPEG", .jpeg, [0xFF, 0xD8] + frame, size(600, 400)),
        Row("JPEG behind much else", .jpeg, [0xFF, 0xD8] + exif + exif + frame, size(600, 400)),
        Row("JPEG with padding", .jpeg, [0xFF, 0xD8, 0xFF, 0xFF] + frame, size(600, 400)),
        Row("a JPEG without a frame", .jpeg, [0xFF, 0xD8, 0xFF, 0xDA, 0, 2] + frame),
        Row("a JPEG that is cut", .jpeg, [0xFF, 0xD8] + exif + frame.dropLast(2)),
        Row("a JPEG of segments without end", .jpeg, Array(repeating: 0xFF, count: 4000)),
        Row("no JPEG", .jpeg, [0xFF, 0xD8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
        Row(
            "lossy WebP",
            .webp,
            webp("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x41, 0xF0, 0]),
            size(320, 240)
        ),
        Row(
            "lossless WebP",
            .webp,
            webp("VP8L", [0x2F, 0x3F, 0xC1, 0x3B, 0, 0, 0, 0, 0, 0]),
            size(320, 240)
        ),
        Row(
            "extended WebP",
            .webp,
            webp("VP8X", [0, 0, 0, 0, 0x3F, 0x01, 0, 0xEF, 0, 0]),
            size(320, 240)
        ),
        Row("WebP of another chunk", .webp, webp("ABCD", Array(repeating: 1, count: 10))),
        svg("<svg width='504.00pt' height=\"72pt\" viewBox='0 0 504 72'>", size(672, 96)),
        svg("<svg height='2in' width='2.54cm'>", size(96, 192)),
        svg("<?xml version='1.0'?><svg\n  width = '1' height='20px' width='10'>", nil),
        svg("<svg width='100%' height='100%' viewBox='0 0 30.2, 20'>", size(30, 20)),
        svg("<svg width='10' viewBox='0 0 30 20'/>", size(10, 20)),
        svg("<svg width='10'/>"), svg("<svg viewBox='0 0 30'/>"),
        svg("<svg width='1e99' height='1'>"),
        svg("<svg width='-5' height='5'>"), svg("<svg width='5' height='5em'>"),
        svg("<svg><g width='5' height='5'>"),
        svg("<svg width='5' height='5"), svg("<html>"), svg(""),
        Row("a text", .text, png + [0, 0, 0, 1, 0, 0, 0, 1]),
    ])
    func `is read from its header`(row: Row) {
        let size = PictureSize(of: row.type) { count, offset in
            Array(row.bytes.dropFirst(offset).prefix(count))
        }
        #expect(size == row.size)
    }

    @Test func `is looked for in a bounded part of a file`() {
        var read = 0
        _ = PictureSize(of: .jpeg) { count, _ in
            read += count
            return [0xFF, 0xE0, 0, 2, 0, 0, 0, 0, 0]
        }
        #expect(read < 4096)
    }
}
