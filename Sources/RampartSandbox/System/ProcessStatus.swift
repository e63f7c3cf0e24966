import SystemPackage

/// What `/proc` says of a process, as in proc(5).
///
/// Readable even where the process is not dumpable. All of it is compared as bytes: a process chooses its name,
/// and in Unicode that can swallow the sign after it. What the sweep asks throws where it cannot be read, for
/// what is not seen must not be taken for gone.
enum ProcessStatus {
    /// The resident size in bytes; nil where it is not to be read.
    static func residentBytes(of pid: Int32) -> Int64? {
        number(of: "VmRSS", of: pid).map { $0 * 1024 }
    }

    /// User and system time so far, in the kernel's ticks of 10 ms.
    static func cpu(of pid: Int32) -> Duration {
        guard let stat = try? stat(of: pid), let user = Int(stat[14]), let system = Int(stat[15])
        else { return .zero }
        return .milliseconds(10 * (user + system))
    }

    /// The parent; nil where the process is gone.
    static func parent(of pid: Int32) throws(Errno) -> Int32? {
        try stat(of: pid).flatMap { Int32($0[4]) }
    }

    /// The arguments, with a NUL after each.
    static func commandLine(of pid: Int32) -> [UInt8] {
        (try? SystemCalls.contents(of: "/proc/\(pid)/cmdline")) ?? []
    }

    /// When the process began, in ticks since boot; nil where it is gone.
    static func startTime(of pid: Int32) -> UInt64? {
        (try? stat(of: pid)).flatMap { UInt64($0[22]) }
    }

    static func oomScoreAdjustment(of pid: Int32) -> Int32? {
        SystemCalls.text(of: "/proc/\(pid)/oom_score_adj", upTo: 32)
            .flatMap { Int32($0.prefix { !$0.isWhitespace }) }
    }

    /// The real, effective, saved and file-system users; none where the process is gone, or is another user's
    /// on a machine that hides those.
    static func users(of pid: Int32) throws(Errno) -> [UInt32] {
        do {
            guard let line = try line("Uid", of: pid) else { return [] }
            return line.split(separator: UInt8(ascii: "\t")).compactMap { UInt32(text($0)) }
        } catch {
            if error == .notPermitted || error == .permissionDenied { return [] }
            throw error
        }
    }

    /// The hard limits of pending signals and of file locks; nil where the process is gone.
    static func tagLimits(
        of pid: Int32
    ) throws(Errno) -> (pending: UInt64, locks: UInt64)? {
        guard let limits = try bytes(of: "limits", of: pid), !limits.isEmpty else { return nil }
        return (
            try hardLimit("Max pending signals", in: limits),
            try hardLimit("Max file locks", in: limits)
        )
    }

    private static func hardLimit(_ name: String, in limits: [UInt8]) throws(Errno) -> UInt64 {
        let columns = line(after: Array(name.utf8), in: limits)?.split(separator: UInt8(ascii: " "))
        // The soft limit comes before the hard one.
        guard let columns, columns.count > 1 else { throw .invalidArgument }
        let hard = text(columns[1])
        guard hard != "unlimited" else { return .max }
        guard let number = UInt64(hard) else { throw .invalidArgument }
        return number
    }

    /// The pid that was given last in this pid namespace; nil where it is not to be read.
    static var lastPID: String? {
        SystemCalls.text(of: "/proc/loadavg", upTo: 128)?.split(whereSeparator: \.isWhitespace)
            .last.map(String.init)
    }

    /// The living processes that are wanted, of all that can be seen.
    static func living(where isWanted: (Int32) throws(Errno) -> Bool) throws(Errno) -> [Int32] {
        try all { pid throws(Errno) in
            guard try isWanted(pid) else { return false }
            return try !isDead(pid)
        }
    }

    /// The processes that are wanted, those that wait to be reaped among them.
    ///
    /// - Throws: where they cannot be listed, or one that is there cannot be read.
    static func all(where isWanted: (Int32) throws(Errno) -> Bool) throws(Errno) -> [Int32] {
        let reader = try DirectoryReader(try SystemCalls.openDirectory("/proc"))
        var found: [Int32] = []
        var isHostThere = false
        while let entry = reader.next() {
            guard let pid = Int32(text(entry.name[...])) else { continue }
            if pid == SystemCalls.processID { isHostThere = true }
            if try isWanted(pid) { found.append(pid) }
        }
        if let error = reader.error { throw error }
        guard isHostThere else { throw .ioError }
        return found
    }

    /// How many tasks the processes of a user have together.
    static func tasks(of user: UInt32) -> Int {
        let processes = (try? all { pid throws(Errno) in try users(of: pid).first == user }) ?? []
        return processes.reduce(0) { $0 + Int(number(of: "Threads", of: $1) ?? 1) }
    }

    /// What a neighbour of the same user can change of a process and the process cannot always undo.
    static func vitals(of pid: Int32) -> [String: String] {
        var vitals: [String: String] = [:]
        let stat = (try? stat(of: pid)) ?? nil
        vitals["niceness"] = stat?[19]
        vitals["start"] = stat?[22]
        vitals["limits"] = SystemCalls.text(of: "/proc/\(pid)/limits", upTo: 4096)
        vitals["scheduling"] = Hex.string(SystemCalls.scheduling(of: pid))
        let names = ["Uid", "Gid", "TracerPid", "Cpus_allowed", "Seccomp"]
        return vitals.merging(lines(names, of: pid)) { own, _ in own }
    }

    /// What changes of an idle child only where another reaches into it: its parent, its memory's shape, its
    /// threads and what it does with signals.
    static func shape(of pid: Int32) -> [String: String] {
        let names = [
            "PPid", "VmSize", "VmLck", "VmPin", "VmData", "VmStk", "VmExe", "VmLib", "Threads",
            "SigBlk", "SigIgn", "SigCgt",
        ]
        return lines(names, of: pid)
    }

    /// The memory map; nil where the shield closes it to the host too.
    static func map(of pid: Int32) -> [UInt8]? {
        try? SystemCalls.contents(of: "/proc/\(pid)/maps")
    }

    /// How many keys the kernel keeps for a user, and of what size together.
    static func keys(of user: UInt32) -> String? {
        SystemCalls.text(of: "/proc/key-users", upTo: 16 << 10)?
            .split(separator: "\n")
            .map { $0.split(separator: " ") }
            .first { $0.first == "\(user):" }
            .map { $0.suffix(2).joined(separator: " ") }
    }

    /// Connections that were opened actively in this network namespace, ever.
    static var activeOpens: Int64? {
        guard let text = SystemCalls.text(of: "/proc/net/snmp", upTo: 16 << 10) else { return nil }
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }.map {
            $0.split(separator: " ")
        }
        guard rows.count == 2, let column = rows[0].firstIndex(of: "ActiveOpens"),
            rows[1].indices.contains(column)
        else { return nil }
        return Int64(rows[1][column])
    }

    /// How many Unix sockets there are in this network namespace; nil where the kernel does not say.
    static var unixSockets: Int? {
        let text = SystemCalls.text(of: "/proc/net/protocols", upTo: 16 << 10)
        let counts = text?.split(separator: "\n").filter { $0.hasPrefix("UNIX") }.map {
            $0.split(separator: " ").dropFirst(2).first.flatMap { Int($0) }
        }
        guard let counts, !counts.isEmpty else { return nil }
        return counts.reduce(0) { sum, count in sum.flatMap { sum in count.map { sum + $0 } } }
    }

    /// Whether the process is dead, though it may wait to be reaped.
    ///
    /// One whose first thread has ended is called a zombie while its other threads go on.
    static func isDead(_ pid: Int32) throws(Errno) -> Bool {
        guard let stat = try stat(of: pid) else { return true }
        return ["Z", "X"].contains(stat[3]) && (Int(stat[20]) ?? 0) <= 1
    }

    /// Whether the process is dead, or has given up its memory to die.
    static func isDying(_ pid: Int32) throws(Errno) -> Bool {
        if try isDead(pid) { return true }
        return try line("VmSize", of: pid) == nil
    }

    /// How many times the kernel's out-of-memory killer has struck since boot.
    static var outOfMemoryKills: Int64 {
        let vmstat = (try? SystemCalls.contents(of: "/proc/vmstat")) ?? []
        return line(after: Array("oom_kill ".utf8), in: vmstat).flatMap { Int64(text($0)) } ?? 0
    }

    // MARK: - Its files

    /// The fields of `stat`, numbered from 1 as in proc(5).
    private struct Stat {
        private let fields: [ArraySlice<UInt8>]

        /// - Throws: `Errno.invalidArgument` where it is none.
        init(_ bytes: [UInt8]) throws(Errno) {
            // The name, the second field, may hold anything; the last parenthesis ends it.
            guard let close = bytes.lastIndex(of: UInt8(ascii: ")")) else { throw .invalidArgument }
            fields = bytes[close...].dropFirst().split(separator: UInt8(ascii: " "))
            guard fields.count > 20 else { throw .invalidArgument }
        }

        subscript(number: Int) -> String { text(fields[number - 3]) }
    }

    /// Nil where the process is gone.
    private static func stat(of pid: Int32) throws(Errno) -> Stat? {
        guard let bytes = try bytes(of: "stat", of: pid) else { return nil }
        return try Stat(bytes)
    }

    /// Nil where the process is gone.
    private static func bytes(of file: String, of pid: Int32) throws(Errno) -> [UInt8]? {
        do {
            return try SystemCalls.contents(of: "/proc/\(pid)/\(file)", upTo: 16 << 10)
        } catch {
            if error == .noSuchFileOrDirectory || error == .noSuchProcess { return nil }
            throw error
        }
    }

    /// What `status` says under a name; nil where the process is gone, or has none of it.
    private static func line(_ name: String, of pid: Int32) throws(Errno) -> ArraySlice<UInt8>? {
        guard let status = try bytes(of: "status", of: pid) else { return nil }
        return line(after: Array("\(name):".utf8), in: status)
    }

    /// The rest of the line that begins so.
    ///
    /// There may be hundreds of processes, all looked at while a caller waits: no more is read than it takes.
    private static func line(after start: [UInt8], in bytes: [UInt8]) -> ArraySlice<UInt8>? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            if rest[..<end].starts(with: start) {
                return rest[(rest.startIndex + start.count)..<end]
            }
            rest = rest[end...].dropFirst()
        }
        return nil
    }

    /// What `status` says under several names.
    private static func lines(_ names: [String], of pid: Int32) -> [String: String] {
        let status = ((try? bytes(of: "status", of: pid)) ?? nil) ?? []
        var found: [String: String] = [:]
        for line in status.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            if parts.count == 2, names.contains(text(parts[0])) {
                found[text(parts[0])] = text(parts[1])
            }
        }
        return found
    }

    private static func number(of name: String, of pid: Int32) -> Int64? {
        let line = (try? line(name, of: pid)) ?? nil
        return line.flatMap {
            Int64(text($0).drop(while: \.isWhitespace).prefix(while: \.isNumber))
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
