/// The rules for buckets, keys and prefixes.
package enum S3Names {
    package static let bucketRule =
        "the name of a general purpose S3 bucket: 3 to 63 of a-z 0-9 . - beginning and ending with a "
        + "letter or a digit; not a directory bucket (--x-s3), table bucket (--table-s3), Object Lambda "
        + "alias (--ol-s3) or multi-region access point (.mrap)"
    package static let prefixRule =
        "up to 200 of A-Z a-z 0-9 . _ / - without \"..\""
    package static let mostKeyBytes = 1024

    package static func isBucket(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last
        else { return false }
        let isInner = { (byte: UInt8) in
            isEdge(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        }
        return isEdge(first) && isEdge(last) && bytes.allSatisfy(isInner) && !name.contains("..")
            && !otherKinds.contains(where: name.hasSuffix)
    }

    /// The ends of names behind which no bucket stands that takes a plain signed PUT: each wants an address, a session
    /// or a signature of its own.
    private static let otherKinds = ["--x-s3", "--xa-s3", "--table-s3", "--ol-s3", ".mrap"]

    package static func isPrefix(_ prefix: String) -> Bool {
        prefix.utf8.count <= 200 && !prefix.contains("..")
            && prefix.utf8.allSatisfy { ASCII.isNameByte($0) || $0 == UInt8(ascii: "/") }
    }

    private static func isEdge(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || ASCII.isLowercase(byte)
    }
}
