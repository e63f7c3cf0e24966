/// A path in a message: C's fixed array of char, which Swift has as a tuple.
enum WirePath {
    /// Stores the path with a NUL at its end.
    static func store<Storage: BitwiseCopyable>(_ path: String, in storage: inout Storage) {
        precondition(path.utf8.count < MemoryLayout<Storage>.size, "scratch paths are short")
        // SAFETY: the path fits, and the storage is all bytes.
        unsafe withUnsafeMutableBytes(of: &storage) { buffer in
            unsafe buffer.copyBytes(from: Array(path.utf8) + [0])
        }
    }
}
