import CSandbox
import Glibc
import SystemPackage

/// Folders: made, locked, emptied and removed by descriptor.
extension SystemCalls {
    /// Opens a folder by its path.
    static func openDirectory(_ path: String) throws(Errno) -> OwnedDescriptor {
        // SAFETY: the string outlives the call.
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
        return owned(try check(unsafe Glibc.open(path, flags)))
    }

    /// Locks a file or folder for as long as the descriptor is open, flock(2); whether nobody else has.
    static func lock(_ file: OwnedDescriptor) throws(Errno) -> Bool {
        if flock(file.descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw Errno(rawValue: errno) }
        return false
    }

    /// Whether there is nothing of that name.
    static func isMissing(_ path: String) throws(Errno) -> Bool {
        do {
            _ = try openDirectory(path)
            return false
        } catch {
            guard error == .noSuchFileOrDirectory else { throw error }
            return true
        }
    }

    /// Creates a folder.
    static func makeDirectory(_ path: String, mode: mode_t) throws(Errno) {
        // SAFETY: the string outlives the call. The mode is set again, for the umask may have cut it.
        try check(unsafe mkdir(path, mode))
        try check(unsafe chmod(path, mode))
    }

    /// Creates the folders that lie above a path.
    static func makeFolders(above path: String) throws(Errno) {
        for (index, character) in zip(path.indices, path)
        where character == "/" && index != path.startIndex {
            do {
                try makeDirectory(String(path[..<index]), mode: 0o755)
            } catch  where error != .fileExists {
                throw error
            } catch {
                continue
            }
        }
    }

    /// Lets the owner of a folder read and enter it, where that is the host's user.
    static func openUp(_ path: String) {
        var status = stat()
        // SAFETY: the string outlives the calls, and lstat fills the struct.
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == user
        else { return }
        _ = unsafe chmod(path, status.st_mode & 0o7777 | 0o700)
    }

    /// All that a folder has besides its name and what is in it: see `rampart_attributes`.
    static func attributes(of folder: OwnedDescriptor) throws(Errno) -> [UInt8] {
        let capacity = Int(RAMPART_ATTRIBUTES_MAX)
        var length = 0
        // SAFETY: at most the capacity is written, and how much was is what is initialised.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            if let base = buffer.baseAddress {
                length = unsafe rampart_attributes(folder.descriptor.rawValue, base, capacity)
            }
            initialized = max(0, length)
        }
        try check(CInt(truncatingIfNeeded: length))
        return bytes
    }

    /// Removes what is attached to a folder, as far as it goes.
    static func clearAttributes(of folder: OwnedDescriptor) {
        rampart_clear_attributes(folder.descriptor.rawValue)
    }

    /// Removes an entry of a folder, whatever it is, with all that is in it.
    ///
    /// - Throws: `Errno.timedOut` where something was left at that instant.
    static func remove(
        _ name: [UInt8],
        from directory: OwnedDescriptor,
        until instant: ContinuousClock.Instant
    ) throws(Errno) {
        let terminated = (name + [0]).map(CChar.init(bitPattern:))
        // SAFETY: the name ends with a NUL and outlives the calls.
        if unsafe unlinkat(directory.descriptor.rawValue, terminated, 0) == 0 { return }
        try empty(try open(name, beneath: directory, asDirectory: true), until: instant)
        try check(unsafe unlinkat(directory.descriptor.rawValue, terminated, AT_REMOVEDIR))
    }

    /// Removes everything in a folder; see `rampart_empty_directory`.
    static func empty(
        _ directory: OwnedDescriptor,
        until instant: ContinuousClock.Instant
    ) throws(Errno) {
        let left = max(.zero, ContinuousClock.now.duration(to: instant))
        try check(rampart_empty_directory(directory.descriptor.rawValue, left.pollTimeout))
    }

    /// Removes an empty folder.
    static func removeDirectory(_ path: String) throws(Errno) {
        // SAFETY: the string outlives the call.
        try check(unsafe rmdir(path))
    }

    /// Moves an entry of a folder into another of the same file system; see `rampart_move`.
    ///
    /// - Parameters:
    ///   - name: the entry's.
    ///   - folder: where it is.
    ///   - other: where it goes.
    ///   - fresh: its name there, if that is another.
    /// - Throws: what the kernel says.
    static func move(
        _ name: [UInt8],
        from folder: OwnedDescriptor,
        to other: OwnedDescriptor,
        as fresh: [UInt8]? = nil
    ) throws(Errno) {
        let old = (name + [0]).map(CChar.init(bitPattern:))
        let new = ((fresh ?? name) + [0]).map(CChar.init(bitPattern:))
        // SAFETY: both names end with a NUL and outlive the call.
        try check(
            unsafe rampart_move(
                folder.descriptor.rawValue,
                old,
                other.descriptor.rawValue,
                new
            )
        )
    }
}
