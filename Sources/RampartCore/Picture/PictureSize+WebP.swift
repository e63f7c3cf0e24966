extension PictureSize {
    /// The size in the first chunk: lossy, lossless or extended (WebP container specification; RFC 9649).
    static func webp(_ head: [UInt8]) -> PictureSize? {
        guard head.count == 30 else { return nil }
        switch String(decoding: head[12..<16], as: UTF8.self) {
        case "VP8 ":
            // The upper two bits are a scale for who shows it.
            return PictureSize(
                width: littleEndian(head[26..<28]) & 0x3FFF,
                height: littleEndian(head[28..<30]) & 0x3FFF
            )
        case "VP8L":
            let bits = littleEndian(head[21..<25])
            return PictureSize(width: (bits & 0x3FFF) + 1, height: (bits >> 14 & 0x3FFF) + 1)
        case "VP8X":
            return PictureSize(
                width: littleEndian(head[24..<27]) + 1,
                height: littleEndian(head[27..<30]) + 1
            )
        default: return nil
        }
    }
}
