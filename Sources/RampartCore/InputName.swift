/// The rule for the names of input files: `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`.
package enum InputName {
    package static let rule =
        "must be 1 to 128 of A-Z a-z 0-9 . _ - and begin with a letter or a digit"

    package static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, bytes.count <= 128 else { return false }
        return ASCII.isAlphanumeric(first) && bytes.allSatisfy(ASCII.isNameByte)
    }
}

/// Classes of ASCII bytes that names are made of.
package enum ASCII {
    package static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || isLowercase(byte) || (0x41...0x5A).contains(byte)
    }

    package static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    package static func isLowercase(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    /// A letter, a digit, or one of `. _ -`.
    package static func isNameByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }
}
