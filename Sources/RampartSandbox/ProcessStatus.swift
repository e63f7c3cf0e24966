/// What `/proc` says of a process, as in proc(5).
///
/// Readable even where the process is not dumpable.
enum ProcessStatus {
    /// The resident size in bytes; nil where it is not to be read.
    static func residentBytes(of pid: Int32) -> Int64? {
        field("VmRSS:", of: "/proc/\(pid)/status").map { $0 * 1024 }
    }

    /// User and system time so far, in the kernel's ticks of 10 ms.
    static func cpu(of pid: Int32) -> Duration {
        let fields = statFields(of: pid)
        // The fourteenth and fifteenth fields in proc(5), counted from the state, which is the third.
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            return .zero
        }
        return .milliseconds(10 * (user + system))
    }

    static func parent(of pid: Int32) -> Int32? {
        let fields = statFields(of: pid)
        return fields.count > 1 ? Int32(fields[1]) : nil
    }

    /// The arguments, with a NUL after each.
    static func commandLine(of pid: Int32) -> String {
        SystemCalls.text(of: "/proc/\(pid)/cmdline", upTo: 4096) ?? ""
    }

    /// When the process began, in ticks since boot; nil where it is gone.
    static func startTime(of pid: Int32) -> UInt64? {
        // The twenty-second field in proc(5).
        let fields = statFields(of: pid)
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }

    static func oomScoreAdjustment(of pid: Int32) -> Int32? {
        SystemCalls.text(of: "/proc/\(pid)/oom_score_adj", upTo: 32)
            .flatMap { Int32($0.prefix { !$0.isWhitespace }) }
    }

    /// The real, effective, saved and file-system users.
    static func users(of pid: Int32) -> [UInt32] {
        guard let line = line("Uid:", of: "/proc/\(pid)/status") else { return [] }
        return line.split(separator: "\t").compactMap { UInt32($0) }
    }

    /// The hard limit of pending signals; nil where it is not to be read.
    static func pendingSignalsLimit(of pid: Int32) -> UInt64? {
        line("Max pending signals", of: "/proc/\(pid)/limits")
            .flatMap { $0.split(separator: " ").dropFirst().first }
            .flatMap { $0 == "unlimited" ? .max : UInt64($0) }
    }

    /// The living processes that are wanted, of all that can be seen.
    static func living(where isWanted: (Int32) -> Bool) -> [Int32] {
        all { isWanted($0) && !isDead($0) }
    }

    /// The processes that are wanted, those that wait to be reaped among them.
    static func all(where isWanted: (Int32) -> Bool) -> [Int32] {
        guard let directory = try? SystemCalls.openDirectory("/proc"),
            let reader = try? DirectoryReader(directory)
        else { return [] }
        var found: [Int32] = []
        while let entry = reader.next() {
            guard let pid = Int32(String(decoding: entry.name, as: UTF8.self)) else { continue }
            if isWanted(pid) { found.append(pid) }
        }
        return found
    }

    /// How many tasks the processes of a user have together.
    static func tasks(of user: UInt32) -> Int {
        guard let directory = try? SystemCalls.openDirectory("/proc"),
            let reader = try? DirectoryReader(directory)
        else { return 0 }
        var tasks = 0
        while let entry = reader.next() {
            guard let pid = Int32(String(decoding: entry.name, as: UTF8.self)),
                users(of: pid).first == user
            else { continue }
            tasks += Int(field("Threads:", of: "/proc/\(pid)/status") ?? 1)
        }
        return tasks
    }

    /// What a neighbour of the same user can change of a process and the process cannot always undo.
    static func vitals(of pid: Int32) -> [String: String] {
        let fields = statFields(of: pid)
        // Counted from the state, which is the third field in proc(5).
        let numbered = ["niceness": 16, "start": 19]
        var vitals = numbered.mapValues { fields.indices.contains($0) ? String(fields[$0]) : "" }
        vitals["limits"] = SystemCalls.text(of: "/proc/\(pid)/limits", upTo: 4096)
        vitals["scheduling"] = Hex.string(SystemCalls.scheduling(of: pid))
        let lines = ["Uid", "Gid", "TracerPid", "Cpus_allowed", "Seccomp"]
        return vitals.merging(self.lines(lines, of: pid)) { own, _ in own }
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

    /// Whether the process is dead, though it may wait to be reaped.
    ///
    /// One whose first thread has ended is called a zombie while its other threads go on.
    static func isDead(_ pid: Int32) -> Bool {
        let fields = statFields(of: pid)
        // The number of threads is the twentieth field in proc(5).
        guard fields.count > 17 else { return true }
        return ["Z", "X"].contains(fields[0]) && (Int(fields[17]) ?? 0) <= 1
    }

    /// Whether the process is dead, or has given up its memory to die.
    static func isDying(_ pid: Int32) -> Bool {
        isDead(pid) || lines(["VmSize"], of: pid).isEmpty
    }

    /// How many times the kernel's out-of-memory killer has struck since boot.
    static var outOfMemoryKills: Int64 { field("oom_kill ", of: "/proc/vmstat") ?? 0 }

    /// The fields of `stat` from the state on; none where the process is gone.
    private static func statFields(of pid: Int32) -> [Substring] {
        // The name before the state may hold anything; the last parenthesis ends it.
        guard let text = SystemCalls.text(of: "/proc/\(pid)/stat", upTo: 1024),
            let close = text.lastIndex(of: ")")
        else { return [] }
        return text[close...].dropFirst().split(separator: " ")
    }

    /// The lines of `status` that are named, by their names.
    private static func lines(_ names: [String], of pid: Int32) -> [String: String] {
        let text = SystemCalls.text(of: "/proc/\(pid)/status", upTo: 16 << 10) ?? ""
        var lines: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, names.contains(String(parts[0])) {
                lines[String(parts[0])] = String(parts[1])
            }
        }
        return lines
    }

    private static func field(_ name: String, of path: String) -> Int64? {
        line(name, of: path).flatMap {
            Int64($0.drop(while: \.isWhitespace).prefix(while: \.isNumber))
        }
    }

    /// The rest of the line that begins with `name`.
    ///
    /// Bytes are compared, for there may be hundreds of processes, all looked at while a caller waits.
    private static func line(_ name: String, of path: String) -> Substring? {
        guard let text = SystemCalls.text(of: path, upTo: 16 << 10) else { return nil }
        var rest = text[...].utf8
        while !rest.isEmpty {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            if line.starts(with: name.utf8) { return Substring(line.dropFirst(name.utf8.count)) }
            rest = rest.dropFirst(line.count + 1)
        }
        return nil
    }
}
