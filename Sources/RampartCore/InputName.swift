/// The rule for the names of input files: any UTF-8 name of one path component.
package enum InputName {
    package static let rule =
        "must be a file name of 1 to 200 bytes, without / and control characters, and not . or .."

    package static func isValid(_ name: String) -> Bool {
        (1...mostBytes).contains(name.utf8.count) && name != "." && name != ".."
            && name.unicodeScalars.allSatisfy { scalar in
                scalar != "/" && scalar.properties.generalCategory != .control
            }
    }

    /// The name in a form in which two are equal if they differ only in the case of their letters.
    ///
    /// Capitals first, because some small letters have none of their own: `ß` becomes `SS`.
    package static func folded(_ name: String) -> String { name.uppercased().lowercased() }

    /// Less than the 255 bytes that a file system allows, so that a script can add an ending.
    private static let mostBytes = 200
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
