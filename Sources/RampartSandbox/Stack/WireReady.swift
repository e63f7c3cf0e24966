import CSandbox

/// The message READY.
///
/// It is read from its bytes, for Swift does not import an array as long as its text.
struct WireReady {
    let threads: Int32
    /// JSON.
    let engine: [UInt8]

    /// - Returns: nil where the message is not one of this version.
    init?(_ message: [UInt8]) {
        let words = message.prefix(Self.headerBytes)
        guard words.count == Self.headerBytes else { return nil }
        let word = { (index: Int) in
            words[index * 4..<index * 4 + 4].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        }
        guard word(0) == RAMPART_READY.rawValue, word(1) == UInt32(RAMPART_WIRE_VERSION) else {
            return nil
        }
        threads = Int32(bitPattern: word(2))
        engine = Array(message.dropFirst(Self.headerBytes).prefix(Int(word(3))))
    }

    /// `kind`, `version`, `threads`, `engine_length`, all of 32 bits.
    private static let headerBytes = 16
}
