import Glibc
import SystemPackage

/// What a person or a program at the other end reads.
enum Terminal {
    /// Writes a line to stdout.
    static func say(_ line: String) { write(Array("\(line)\n".utf8), to: .standardOutput) }

    /// Writes a line to stderr.
    static func complain(_ line: String) { write(Array("\(line)\n".utf8), to: .standardError) }

    /// Writes bytes to stdout as they are, and ends the line where a person reads them.
    static func emit(_ bytes: [UInt8]) {
        write(bytes, to: .standardOutput)
        if isatty(FileDescriptor.standardOutput.rawValue) == 1 {
            write([0x0A], to: .standardOutput)
        }
    }

    /// Text that a script made, without the bytes that steer a terminal.
    static func harmless(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    return isControl && scalar != "\n" && scalar != "\t" ? "\u{FFFD}" : scalar
                }
            )
        )
    }

    private static func write(_ bytes: [UInt8], to descriptor: FileDescriptor) {
        // Nobody is left to be told where this fails.
        _ = try? descriptor.writeAll(bytes)
    }
}
