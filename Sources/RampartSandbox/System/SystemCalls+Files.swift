import CSandbox
import Glibc
import SystemPackage

/// Files, by descriptor and by path.
extension SystemCalls {
    /// Opens an entry of a folder, following no link.
    static func open(
        _ name: [UInt8],
        beneath directory: OwnedDescriptor,
        asDirectory: Bool
    ) throws(Errno) -> OwnedDescriptor {
        let flags = O_RDONLY | (asDirectory ? O_DIRECTORY : 0)
        let terminated = (name + [0]).map(CChar.init(bitPattern:))
        // SAFETY: the name ends with a NUL and outlives the call.
        return owned(
            try check(unsafe rampart_open_beneath(directory.descriptor.rawValue, terminated, flags))
        )
    }

    /// Opens a file below a folder by the names on the way to it, following no link.
    static func open(
        _ path: [[UInt8]],
        beneath directory: OwnedDescriptor
    ) throws(Errno) -> OwnedDescriptor {
        var place = directory
        for (index, name) in path.enumerated() {
            place = try open(name, beneath: place, asDirectory: index < path.count - 1)
        }
        return place
    }

    /// Gives a file or folder to a user; never follows a link.
    static func give(_ path: String, to user: UInt32) throws(Errno) {
        // SAFETY: the string outlives the call.
        try check(unsafe lchown(path, user, user))
    }

    /// Writes a new file.
    static func write(_ bytes: [UInt8], toNewFile path: String, mode: mode_t) throws(Errno) {
        // SAFETY: the string outlives the call.
        let file = owned(
            try check(
                unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
            )
        )
        var written = 0
        while written < bytes.count {
            // SAFETY: the pointer stays within the array, which outlives the call.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    file.descriptor.rawValue,
                    buffer.baseAddress?.advanced(by: written),
                    buffer.count - written
                )
            }
            if count < 0, errno == EINTR { continue }
            try check(CInt(truncatingIfNeeded: count))
            written += count
        }
    }

    /// What an entry of a folder is now, following no link; nil where it is gone.
    ///
    /// The entry `.` is the folder itself.
    static func mark(of name: [UInt8], in directory: OwnedDescriptor) -> FileMark? {
        var status = stat()
        let terminated = (name + [0]).map(CChar.init(bitPattern:))
        // SAFETY: the name ends with a NUL, and fstatat fills the struct.
        let result = unsafe fstatat(
            directory.descriptor.rawValue,
            terminated,
            &status,
            AT_SYMLINK_NOFOLLOW
        )
        return result == 0 ? mark(status) : nil
    }

    /// The same of an open file.
    static func mark(of file: OwnedDescriptor) -> FileMark? {
        var status = stat()
        // SAFETY: fstat fills the struct.
        return unsafe fstat(file.descriptor.rawValue, &status) == 0 ? mark(status) : nil
    }

    private static func mark(_ status: stat) -> FileMark {
        FileMark(
            device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino),
            mode: status.st_mode,
            owner: status.st_uid,
            size: Int(status.st_size),
            changedSeconds: status.st_ctim.tv_sec,
            changedNanoseconds: status.st_ctim.tv_nsec
        )
    }

    /// Whether an entry of a folder is a folder itself.
    static func isFolder(_ name: [UInt8], in directory: OwnedDescriptor) -> Bool {
        mark(of: name, in: directory).map { $0.mode & S_IFMT == S_IFDIR } ?? false
    }

    /// The owner of an entry of a folder; nil where it is gone.
    static func owner(of name: [UInt8], in directory: OwnedDescriptor) -> UInt32? {
        mark(of: name, in: directory)?.owner
    }

    /// What `fstat` says of an open file.
    struct FileStatus: Sendable {
        /// What tells a file from every other that there is.
        struct Identity: Sendable, Hashable {
            let device: UInt64
            let inode: UInt64
        }

        let identity: Identity
        let isRegular: Bool
        let links: Int
        let owner: UInt32
        let size: Int
        /// How much of the disk it takes, in bytes.
        let allocated: Int

        /// What it counts: its size, or all that it takes of the disk if more than a file system's rounding is
        /// behind its end.
        var held: Int { allocated > size + Self.rounding ? allocated : size }

        private static let rounding = 64 << 10
    }

    static func status(of file: OwnedDescriptor) throws(Errno) -> FileStatus {
        var status = stat()
        // SAFETY: fstat fills the struct.
        try check(unsafe fstat(file.descriptor.rawValue, &status))
        return FileStatus(
            identity: FileStatus.Identity(
                device: UInt64(status.st_dev),
                inode: UInt64(status.st_ino)
            ),
            isRegular: status.st_mode & S_IFMT == S_IFREG,
            links: Int(status.st_nlink),
            owner: status.st_uid,
            size: Int(status.st_size),
            // stat(2): in units of 512 bytes, whatever the file system's block is.
            allocated: Int(status.st_blocks) * 512
        )
    }

    /// Whether the host may execute that file.
    static func isExecutable(_ path: String) -> Bool {
        // SAFETY: the string outlives the call.
        unsafe access(path, X_OK) == 0
    }

    /// The text of a file, as far as `count` bytes; nil where it cannot be read.
    static func text(of path: String, upTo count: Int) -> String? {
        // SAFETY: the string outlives the call.
        let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let file = owned(number)
        return (try? read(file, upTo: count, at: 0)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first bytes of a file that the kernel makes up, in one read.
    static func contents(of path: String, upTo count: Int) throws(Errno) -> [UInt8] {
        // SAFETY: the string outlives the call.
        let file = owned(try check(unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)))
        return try read(file, upTo: count, at: 0)
    }

    /// All bytes of a file that the kernel makes up as it is read.
    static func contents(of path: String) throws(Errno) -> [UInt8] {
        // SAFETY: the string outlives the call.
        let file = owned(try check(unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)))
        var bytes: [UInt8] = []
        while true {
            switch try read(file, upTo: 16 << 10) {
            case .bytes(let more): bytes += more
            case .end: return bytes
            case .nothingYet: continue
            }
        }
    }
}
