import Crypto

/// Signs envelopes, so that an answer that a script forged through the Runtime API is told from Rampart's.
///
/// The signature is the last member of the object: `,"signature":"`, the 64 hex digits of an HMAC-SHA256
/// (RFC 2104) over all bytes before them, and `"}`.
package struct EnvelopeSigner {
    private let key: SymmetricKey

    package init(key: String) { self.key = SymmetricKey(data: Array(key.utf8)) }

    /// Returns the object with its signature.
    ///
    /// - Parameter object: the bytes of a JSON object that is not empty.
    /// - Returns: an object that has one member more.
    package func signed(_ object: [UInt8]) -> [UInt8] {
        let body = Array(object.dropLast())
        let digits: [UInt8] = HMAC<SHA256>.authenticationCode(for: body, using: key)
            .flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 0xF)]] }
        return body + Array(",\"signature\":\"".utf8) + digits + Array("\"}".utf8)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
