extension PictureSize {
    /// The size in the frame header, which follows other segments (ITU T.81, B.2).
    static func jpeg(reading read: Reader) -> PictureSize? {
        // After the marker that every file begins with.
        var offset = 2
        for _ in 0..<mostSegments {
            let segment = read(9, offset)
            guard segment.count >= 4, segment[0] == 0xFF else { return nil }
            let marker = segment[1]
            switch marker {
            // Padding before a marker.
            case 0xFF: offset += 1
            case _ where frameHeaders.contains(marker):
                guard segment.count == 9 else { return nil }
                return PictureSize(
                    width: bigEndian(segment[7..<9]),
                    height: bigEndian(segment[5..<7])
                )
            // The scan, or the end: no header comes after it.
            case 0xD9, 0xDA: return nil
            default: offset += 2 + bigEndian(segment[2..<4])
            }
        }
        return nil
    }

    /// SOF0 to SOF15; three of these numbers mean something else.
    private static let frameHeaders = Set<UInt8>(0xC0...0xCF).subtracting([0xC4, 0xC8, 0xCC])
    private static let mostSegments = 200
}
