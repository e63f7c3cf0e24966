/// The size in a PNG's first chunk, which is always IHDR (PNG specification, 11.2.2).
struct PNGHeader {
    /// In px.
    let width: Int
    /// In px.
    let height: Int

    /// - Returns: nil where the bytes are no PNG's start.
    init?(_ head: [UInt8]) {
        let marker = Array("IHDR".utf8)
        guard head.count >= 24, Array(head[12..<16]) == marker else { return nil }
        let word = { (start: Int) in head[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
        width = word(16)
        height = word(20)
    }
}
