import CSandbox
import Glibc
import RampartCore
import SystemPackage

// The fence: every unsafe call of this module is here, behind a safe signature.

/// System calls as the rest of the module sees them: safe types in, `Errno` out.
enum SystemCalls {
    /// Creates a pipe whose ends are closed by an exec; its reading end does not block.
    static func outputPipe() throws(Errno) -> (read: OwnedDescriptor, write: OwnedDescriptor) {
        var ends: [CInt] = [-1, -1]
        // SAFETY: two descriptors are written.
        try check(unsafe rampart_pipe(&ends))
        let pipe = (read: owned(ends[0]), write: owned(ends[1]))
        try check(fcntl(ends[0], F_SETFL, O_NONBLOCK))
        return pipe
    }

    /// Creates a pair of connected sockets that keep messages apart.
    static func socketPair() throws(Errno) -> (OwnedDescriptor, OwnedDescriptor) {
        var ends: [CInt] = [-1, -1]
        let type = CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        // SAFETY: socketpair writes two descriptors.
        try check(unsafe socketpair(AF_UNIX, type, 0, &ends))
        return (owned(ends[0]), owned(ends[1]))
    }

    /// Opens an executable for ``spawn(_:arguments:environment:control:output:oomScoreAdjustment:)``; see
    /// `rampart_open_image`.
    static func openImage(
        _ path: String
    ) throws(Errno) -> (image: OwnedDescriptor, isShielded: Bool) {
        var shielded: CInt = 0
        // SAFETY: the string and the flag outlive the call.
        let image = owned(try check(unsafe rampart_open_image(path, &shielded)))
        return (image, shielded == 1)
    }

    /// The path that the kernel was given for this program.
    static var startedAs: String {
        // SAFETY: the string lives as long as the process.
        unsafe String(cString: rampart_started_as())
    }

    /// Replaces this process by the image; returns only where that fails.
    static func become(_ image: OwnedDescriptor, arguments: [String]) {
        // SAFETY: the strings outlive the call, which keeps nothing.
        _ = unsafe withCStrings(arguments) { arguments in
            unsafe rampart_become_image(image.descriptor.rawValue, arguments)
        }
    }

    /// Whether a process of that user (nil: the host's own) can read what the shield is to close of `target`.
    static func canRead(_ target: pid_t, as user: UInt32?) throws(Errno) -> Bool {
        try check(rampart_try_reading(target, user ?? 0)) == 1
    }

    /// Starts a program with exactly these descriptors; see `rampart_spawn`.
    static func spawn(
        _ image: OwnedDescriptor,
        arguments: [String],
        environment: [String],
        control: OwnedDescriptor,
        output: OwnedDescriptor,
        oomScoreAdjustment: Int32
    ) throws(Errno) -> pid_t {
        // SAFETY: the arrays of C strings outlive the call, which copies nothing and keeps nothing.
        let pid = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe String(oomScoreAdjustment).withCString { adjustment in
                    var program = unsafe rampart_program(
                        image: image.descriptor.rawValue,
                        arguments: arguments,
                        environment: environment,
                        control: control.descriptor.rawValue,
                        output: output.descriptor.rawValue,
                        oom_score_adjustment: oomScoreAdjustment == 0 ? nil : adjustment
                    )
                    return unsafe rampart_spawn(&program)
                }
            }
        }
        return try check(pid)
    }

    /// Claims a name for as long as the descriptor is open; see `rampart_claim_name`.
    static func claimName(_ name: String) throws(Errno) -> OwnedDescriptor {
        // SAFETY: the string outlives the call.
        owned(try check(unsafe rampart_claim_name(name)))
    }

    /// Starts a program with the host's environment; see `rampart_start`.
    static func start(_ path: String, arguments: [String]) throws(Errno) -> pid_t {
        // SAFETY: the strings outlive the call, which keeps nothing.
        let pid = unsafe withCStrings(arguments) { arguments in
            unsafe path.withCString { path in unsafe rampart_start(path, arguments) }
        }
        return try check(pid)
    }

    /// Asks a child to end.
    static func terminate(_ pid: pid_t) { _ = Glibc.kill(pid, SIGTERM) }

    /// Sends one message, with descriptors, waiting at most `timeout` for room.
    static func send<Message: BitwiseCopyable>(
        _ message: Message,
        over socket: OwnedDescriptor,
        with descriptors: [OwnedDescriptor] = [],
        timeout: Duration
    ) throws(Errno) {
        let numbers = descriptors.map(\.descriptor.rawValue)
        // SAFETY: the message and the numbers outlive the call.
        let result = unsafe withUnsafeBytes(of: message) { bytes -> CInt in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe rampart_send(
                socket.descriptor.rawValue,
                base,
                bytes.count,
                numbers,
                numbers.count,
                timeout.pollTimeout
            )
        }
        try check(result)
    }

    /// Receives one message of exactly that type; nil at the end of the stream.
    ///
    /// - Throws: `Errno.timedOut` after `timeout`; `Errno.badMessage` where it has another size.
    static func receive<Message: BitwiseCopyable>(
        into message: inout Message,
        from socket: OwnedDescriptor,
        timeout: Duration
    ) throws(Errno) -> Bool {
        // SAFETY: at most the message's own size is written, and any bytes make a valid C struct.
        let length = unsafe withUnsafeMutableBytes(of: &message) { bytes -> Int in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe rampart_receive(
                socket.descriptor.rawValue,
                base,
                bytes.count,
                timeout.pollTimeout
            )
        }
        try check(CInt(truncatingIfNeeded: length))
        guard length == 0 || length == MemoryLayout<Message>.size else { throw .badMessage }
        return length > 0
    }

    /// Receives one message of up to `count` bytes, without waiting; empty at the end of the stream.
    static func receive(upTo count: Int, from socket: OwnedDescriptor) throws(Errno) -> [UInt8] {
        var length = 0
        // SAFETY: at most `count` bytes are written, and how many were is what is initialised.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let base = buffer.baseAddress {
                length = unsafe rampart_receive(socket.descriptor.rawValue, base, count, 0)
            }
            initialized = max(0, length)
        }
        try check(CInt(truncatingIfNeeded: length))
        return bytes
    }

    /// Waits until one of the descriptors can be read or is at its end, or the host is to stop where that is
    /// heeded; the result has the same order.
    static func wait(
        for descriptors: [OwnedDescriptor],
        until instant: ContinuousClock.Instant,
        heedingStop: Bool = false
    ) throws(Errno) -> [Bool] {
        var entries = descriptors.map {
            pollfd(fd: $0.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        }
        // poll(2) passes over a negative descriptor.
        let stop = heedingStop ? stopDescriptor : -1
        entries.append(pollfd(fd: stop, events: Int16(POLLIN), revents: 0))
        let timeout = max(.zero, ContinuousClock.now.duration(to: instant)).pollTimeout
        // SAFETY: the count is the array's own.
        let ready = unsafe poll(&entries, nfds_t(entries.count), timeout)
        if ready < 0, errno != EINTR { throw Errno(rawValue: errno) }
        return entries.dropLast().map { ready > 0 && $0.revents != 0 }
    }

    /// What a read without waiting gave.
    enum Read: Sendable {
        case bytes([UInt8])
        case end
        case nothingYet
    }

    /// Reads what is there, up to `count` bytes, from a descriptor that does not block.
    static func read(_ descriptor: OwnedDescriptor, upTo count: Int) throws(Errno) -> Read {
        var length = 0
        // SAFETY: read(2) writes at most `count` bytes, and how many it wrote is what is initialised.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            length = unsafe Glibc.read(descriptor.descriptor.rawValue, buffer.baseAddress, count)
            initialized = max(0, length)
        }
        if length > 0 { return .bytes(bytes) }
        if length == 0 { return .end }
        if errno == EAGAIN || errno == EINTR { return .nothingYet }
        throw Errno(rawValue: errno)
    }

    /// Reads up to `count` bytes at an offset.
    static func read(
        _ descriptor: OwnedDescriptor,
        upTo count: Int,
        at offset: Int
    ) throws(Errno) -> [UInt8] {
        var length = 0
        // SAFETY: as in `read(_:upTo:)`.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            repeat {
                length = unsafe pread(
                    descriptor.descriptor.rawValue,
                    buffer.baseAddress,
                    count,
                    off_t(offset)
                )
            } while length < 0 && errno == EINTR
            initialized = max(0, length)
        }
        try check(CInt(truncatingIfNeeded: length))
        return bytes
    }

    /// Opens the pidfd of a process that cannot be reaped meanwhile.
    static func pidfd(of pid: pid_t) throws(Errno) -> OwnedDescriptor {
        owned(try check(rampart_pidfd_open(pid)))
    }

    /// Sends SIGKILL to the process and to the group that it leads.
    static func killGroup(of pid: pid_t) {
        // Before it has a session of its own there is no such group; then it is alone.
        _ = Glibc.kill(-pid, SIGKILL)
        kill(pid)
    }

    /// Reaps a child of the host, waiting for it, and returns how it ended.
    @discardableResult
    static func reap(_ pid: pid_t) -> WorkerExit.Status {
        var word: CInt = 0
        // SAFETY: one status word is written.
        while unsafe waitpid(pid, &word, 0) < 0 && errno == EINTR {}
        return WorkerExit.status(fromWait: word)
    }

    /// Whether a child of the host has died; reaps it then.
    @discardableResult
    static func hasDied(_ pid: pid_t) -> Bool {
        waitpid(pid, nil, WNOHANG) == pid
    }

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

    /// An anonymous file that holds the bytes.
    static func anonymousFile(
        _ bytes: [UInt8],
        in directory: OwnedDescriptor
    ) throws(Errno) -> OwnedDescriptor {
        // SAFETY: the bytes outlive the call.
        let file = unsafe bytes.withUnsafeBytes { buffer -> CInt in
            guard let base = buffer.baseAddress else { return -1 }
            return unsafe rampart_anonymous_file(directory.descriptor.rawValue, base, buffer.count)
        }
        return owned(try check(file))
    }

    /// Whether the user is one who can log in: passwd(5).
    static func isPerson(_ user: UInt32) -> Bool {
        let lines = (text(of: "/etc/passwd", upTo: 1 << 20) ?? "").split(separator: "\n")
        let fields = lines.map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        guard let account = fields.first(where: { $0.count > 6 && $0[2] == "\(user)"[...] }) else {
            return false
        }
        return !["nologin", "false"].contains { account[6].hasSuffix($0) }
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

    /// Empties the kernel's keyring of the host's user, where that is allowed.
    static func clearKeys() { rampart_clear_keys() }

    /// The user's System V objects.
    ///
    /// - Throws: where they cannot be listed.
    static func systemVObjects(of user: UInt32) throws(Errno) -> Set<SystemVObject> {
        var capacity = 0
        while true {
            var count: CInt = 0
            // SAFETY: no more than the capacity is written, and that is what is initialised.
            let objects = unsafe [rampart_ipc](unsafeUninitializedCapacity: capacity) {
                buffer,
                initialized in
                count = unsafe rampart_list_ipc(user, buffer.baseAddress, capacity)
                initialized = min(capacity, max(0, Int(count)))
            }
            try check(count)
            if count <= capacity {
                return Set(objects.map { SystemVObject(kind: $0.kind, identifier: $0.identifier) })
            }
            // There may be more by the next time.
            capacity = Int(count) + 64
        }
    }

    /// Removes a System V object; one that is gone is no failure.
    static func remove(_ object: SystemVObject) throws(Errno) {
        try check(
            rampart_remove_ipc(rampart_ipc(kind: object.kind, identifier: object.identifier))
        )
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
        guard result == 0 else { return nil }
        return FileMark(
            device: UInt64(status.st_dev),
            inode: UInt64(status.st_ino),
            mode: status.st_mode,
            owner: status.st_uid,
            size: Int(status.st_size),
            changedSeconds: status.st_ctim.tv_sec,
            changedNanoseconds: status.st_ctim.tv_nsec
        )
    }

    /// The owner of an entry of a folder; nil where it is gone.
    static func owner(of name: [UInt8], in directory: OwnedDescriptor) -> UInt32? {
        mark(of: name, in: directory)?.owner
    }

    /// Sends SIGKILL to one process.
    static func kill(_ pid: pid_t) { _ = Glibc.kill(pid, SIGKILL) }

    /// The same by its pidfd, so that it meets no other process; by its number where the kernel refuses that.
    static func kill(_ process: OwnedDescriptor, numbered pid: pid_t) {
        if rampart_pidfd_kill(process.descriptor.rawValue) < 0, errno != ESRCH { kill(pid) }
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
            size: Int(status.st_size)
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

    /// How the kernel schedules a process, as bytes to compare; see `rampart_scheduling`.
    static func scheduling(of pid: pid_t) -> [UInt8] {
        let size = Int(RAMPART_SCHEDULING_BYTES)
        // SAFETY: exactly that many bytes are written.
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
            guard let base = buffer.baseAddress else { return }
            unsafe rampart_scheduling(pid, base)
            initialized = size
        }
    }

    /// Notes SIGTERM and SIGINT from now on, where the kernel lets it; see `rampart_heed_stop`.
    static func heedStop() { _ = rampart_heed_stop() }

    /// Readable once one of them has come; -1 where they are not heeded.
    static var stopDescriptor: Int32 { rampart_stop_descriptor() }

    /// The first signal that was noted.
    static var stopSignal: Int32? {
        let number = rampart_stop_signal()
        return number == 0 ? nil : number
    }

    /// Ends this process with a signal's standard effect.
    static func die(of number: Int32) {
        signal(number, SIG_DFL)
        raise(number)
    }

    /// The user that the host runs as.
    static var user: UInt32 { geteuid() }

    /// The host's own pid.
    static var processID: Int32 { getpid() }

    // MARK: - Within the fence

    private static func owned(_ number: CInt) -> OwnedDescriptor {
        OwnedDescriptor(adopting: FileDescriptor(rawValue: number))
    }

    @discardableResult
    private static func check(_ result: CInt) throws(Errno) -> CInt {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        return result
    }

    /// Calls `body` with the strings as C has them: pointers, the last one null.
    private static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        // SAFETY: each copy is freed after the call, and the array of pointers outlives it.
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("never empty") }
            return unsafe body(base)
        }
    }
}

extension Duration {
    /// Whole milliseconds for poll(2), rounded up so that a wait does not end before its time.
    fileprivate var pollTimeout: CInt {
        let (seconds, attoseconds) = components
        let milliseconds =
            seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return CInt(clamping: max(0, milliseconds))
    }
}
