import RampartCore

/// The XML in which S3 says why it refused a request.
struct ErrorDocument: Sendable, Hashable {
    /// S3's own word for it: `AccessDenied`.
    let code: String
    /// Where the bucket lies, where S3 says so.
    let region: String?

    /// Reads an error document; nil where the bytes are none.
    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes.prefix(Self.mostBytes), as: UTF8.self)
        guard text.contains("<Error>") || text.contains("<Error "),
            let code = Self.element("Code", in: text)
        else { return nil }
        self.code = code
        region = Self.element("Region", in: text)
    }

    /// The text of the first element of that name, where it is a plain word.
    private static func element(_ name: String, in text: String) -> String? {
        guard let start = text.firstRange(of: "<\(name)>")?.upperBound,
            let end = text[start...].firstRange(of: "</\(name)>")?.lowerBound
        else { return nil }
        let word = text[start..<end]
        let isWord = (1...100).contains(word.utf8.count) && word.utf8.allSatisfy(ASCII.isNameByte)
        return isWord ? String(word) : nil
    }

    private static let mostBytes = 64 << 10
}
