import Glibc
import SystemPackage

/// Files that a command is given.
enum Files {
    /// Reads a whole file, or stdin for `-`.
    ///
    /// - Throws: a ``FileProblem`` where it cannot be read or is larger than `limit` bytes.
    static func read(_ path: String, atMost limit: Int) throws -> [UInt8] {
        guard path != "-" else { return try read(.standardInput, "stdin", limit) }
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            return try file.closeAfter { try read(file, path, limit) }
        } catch let error as Errno {
            throw FileProblem(description: "could not read \(path): \(error)")
        }
    }

    /// Whether a file may be executed.
    static func isExecutable(_ path: String) -> Bool {
        // SAFETY: the string outlives the call.
        unsafe access(path, X_OK) == 0
    }

    private static func read(_ file: FileDescriptor, _ name: String, _ limit: Int) throws -> [UInt8]
    {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let piece = try unsafe [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                // SAFETY: how many bytes were read is what is initialised.
                count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if piece.isEmpty { return bytes }
            bytes += piece
        }
        throw FileProblem(description: "\(name) is larger than \(limit) bytes")
    }
}

/// A file that a command was given and cannot use.
struct FileProblem: Error, CustomStringConvertible {
    let description: String
}
