import CSandbox
import Glibc
import SystemPackage

/// Reads the entries of a folder one by one, however many there are.
///
/// Safe, for the stream is its own and never leaves it.
@safe final class DirectoryReader {
    enum Kind: Sendable {
        case file, folder, other
    }

    struct Entry: Sendable {
        /// The name's bytes, which need not be UTF-8.
        let name: [UInt8]
        let kind: Kind
    }

    private let stream: OpaquePointer
    /// Why the entries ended before all were read; nil where they did not.
    private(set) var error: Errno?

    /// Opens a reader of its own on the folder.
    init(_ directory: OwnedDescriptor) throws(Errno) {
        let copy = unsafe openat(
            directory.descriptor.rawValue,
            ".",
            O_RDONLY | O_DIRECTORY | O_CLOEXEC
        )
        guard copy >= 0 else { throw Errno(rawValue: errno) }
        // SAFETY: the stream owns the descriptor from here on.
        guard let stream = unsafe fdopendir(copy) else {
            let error = errno
            close(copy)
            throw Errno(rawValue: error)
        }
        unsafe self.stream = stream
    }

    // SAFETY: nothing else holds the stream.
    deinit { unsafe closedir(stream) }

    /// Returns the next entry but `.` and `..`; nil at the end.
    func next() -> Entry? {
        errno = 0
        // SAFETY: readdir's entry is valid until the next call, and is copied before it.
        while let entry = unsafe readdir(stream) {
            let start = unsafe rampart_entry_name(entry)
            let name = unsafe UnsafeRawBufferPointer(start: start, count: strlen(start))
            if unsafe name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
            return unsafe Entry(name: Array(name), kind: Self.kind(unsafe entry.pointee.d_type))
        }
        if errno != 0 { error = Errno(rawValue: errno) }
        return nil
    }

    private static func kind(_ type: UInt8) -> Kind {
        switch Int(type) {
        // A file system that does not say is asked when the entry is opened.
        case Int(DT_REG), Int(DT_UNKNOWN): .file
        case Int(DT_DIR): .folder
        default: .other
        }
    }
}
