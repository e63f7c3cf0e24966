import RampartCore

/// What X-Ray is told of a fault: one line of ASCII JSON that fits a header.
enum XRayCause {
    /// Returns the header's value.
    static func header(for fault: Fault, workingDirectory: String = "/var/task") -> String {
        let exception: JSONValue = [
            "message": .string(bounded(fault.description)),
            "type": .string(fault.errorType),
            "stack": [],
        ]
        let cause: JSONValue = [
            "working_directory": .string(workingDirectory),
            "exceptions": [exception],
            "paths": [],
        ]
        return ascii(String(decoding: cause.encoded(), as: UTF8.self))
    }

    /// Cuts a text so that it stays far below the 64 KB at which the platform crops the header, even
    /// if every character is written as an escape.
    private static func bounded(_ text: String) -> String {
        String(text.unicodeScalars.prefix(2000))
    }

    /// Writes all but printable ASCII as `\u` escapes; in JSON, only strings hold such.
    private static func ascii(_ json: String) -> String {
        var line = ""
        for unit in json.utf16 {
            if let byte = UInt8(exactly: unit), (0x20...0x7E).contains(byte) {
                line.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(unit, radix: 16)
                line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return line
    }
}
