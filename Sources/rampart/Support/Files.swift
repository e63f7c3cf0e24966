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
            throw FileProblem(description: "could not read \(path): \(error)", cause: "\(error)")
        }
    }

    /// Whether a file may be executed.
    static func isExecutable(_ path: String) -> Bool {
        // SAFETY: the string outlives the call.
        unsafe access(path, X_OK) == 0
    }

    /// Whether there is a file or a folder.
    static func exists(_ path: String) -> Bool {
        // SAFETY: the string outlives the call.
        unsafe access(path, F_OK) == 0
    }

    /// Makes a folder and those above it, as far as they are not there.
    ///
    /// - Throws: a ``FileProblem`` where one cannot be made.
    static func makeFolder(_ path: String) throws {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            // SAFETY: the string outlives the call.
            guard unsafe mkdir(made, 0o755) != 0, errno != EEXIST else { continue }
            let error = Errno(rawValue: errno)
            // Another one's folder may forbid this and hold the next all the same.
            guard !exists(made) else { continue }
            throw FileProblem(description: "could not make \(made): \(error)", cause: "\(error)")
        }
    }

    /// Writes a whole file.
    ///
    /// - Throws: a ``FileProblem`` where it cannot be written.
    static func write(_ bytes: [UInt8], to path: String) throws {
        do {
            let file = try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.create, .truncate, .closeOnExec],
                permissions: FilePermissions(rawValue: 0o644)
            )
            _ = try file.closeAfter { try file.writeAll(bytes) }
        } catch let error as Errno {
            throw FileProblem(description: "could not write \(path): \(error)", cause: "\(error)")
        }
    }

    /// Removes a file, if it is there and may be removed.
    static func remove(_ path: String) {
        // SAFETY: the string outlives the call.
        _ = unsafe unlink(path)
    }

    /// The names in a folder, in order; none where it cannot be read.
    static func list(_ path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        // SAFETY: the folder is open until the function returns, and each entry is read before the next is asked for.
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    unsafe String(cString: $0)
                }
            }
            names.append(name)
        }
        return names.sorted()
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
        let cause = "it is larger than \(limit) bytes"
        throw FileProblem(description: "could not read \(name): \(cause)", cause: cause)
    }
}

/// A file that a command was given and cannot use.
struct FileProblem: Error, CustomStringConvertible {
    let description: String
    /// Why, without what was tried.
    let cause: String
}
