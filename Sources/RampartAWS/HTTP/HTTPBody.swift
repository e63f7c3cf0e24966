import RampartCore

/// What a request carries; it can be read again from the start, for it may have to be sent again.
enum HTTPBody: Sendable {
    case bytes([UInt8])
    /// Read as it is sent, so that a large file takes no memory.
    case content(any ArtifactContent)

    /// How many bytes there are: the request's Content-Length.
    var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .content(let content): content.byteCount
        }
    }

    /// Returns up to `count` bytes from `offset` on; none only at the end.
    func read(upTo count: Int, at offset: Int) throws(Fault) -> ArraySlice<UInt8> {
        switch self {
        case .bytes(let bytes): return bytes[offset...].prefix(count)
        case .content(let content):
            let wanted = min(count, content.byteCount - offset)
            return wanted > 0 ? try content.read(upTo: wanted, at: offset)[...] : []
        }
    }
}
