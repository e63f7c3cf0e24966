/// The size of a picture in px, as its header gives it; nothing is decoded.
package struct PictureSize: Sendable, Hashable {
    package let width: Int
    package let height: Int

    /// Returns up to so many bytes of a file from an offset on; fewer at its end.
    package typealias Reader = (_ count: Int, _ offset: Int) -> [UInt8]

    /// Nil unless both are sizes that a picture can have.
    init?(width: Int, height: Int) {
        guard Self.possible.contains(width), Self.possible.contains(height) else { return nil }
        self.width = width
        self.height = height
    }

    /// Reads the header of a picture; nil for other files, and for a header that gives no size.
    package init?(of type: MediaType, reading read: Reader) {
        let size: PictureSize? =
            switch type {
            case .png: Self.png(read(24, 0))
            case .gif: Self.gif(read(10, 0))
            case .webp: Self.webp(read(30, 0))
            case .jpeg: Self.jpeg(reading: read)
            case .svg: Self.svg(read(Self.mostMarkupBytes, 0))
            default: nil
            }
        guard let size else { return nil }
        self = size
    }

    var json: JSONValue { ["width": JSONValue(width), "height": JSONValue(height)] }

    /// The first chunk is always IHDR (PNG specification, 11.2.2).
    private static func png(_ head: [UInt8]) -> PictureSize? {
        guard head.count == 24, head[12..<16].elementsEqual("IHDR".utf8) else { return nil }
        return PictureSize(width: bigEndian(head[16..<20]), height: bigEndian(head[20..<24]))
    }

    /// The logical screen (GIF89a, 18).
    private static func gif(_ head: [UInt8]) -> PictureSize? {
        guard head.count == 10 else { return nil }
        return PictureSize(width: littleEndian(head[6..<8]), height: littleEndian(head[8..<10]))
    }

    static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    static func littleEndian(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static let possible = 1...10_000_000
    /// An `svg` element that begins later is not looked for.
    private static let mostMarkupBytes = 8 << 10
}
