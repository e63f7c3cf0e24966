/// What `/proc` says of a process, as in proc(5).
///
/// Readable even where the process is not dumpable.
enum ProcessStatus {
    /// The resident size in bytes; nil where it is not to be read.
    static func residentBytes(of pid: Int32) -> Int64? {
        field("VmRSS:", of: "/proc/\(pid)/status").map { $0 * 1024 }
    }

    static func oomScoreAdjustment(of pid: Int32) -> Int32? {
        SystemCalls.text(of: "/proc/\(pid)/oom_score_adj", upTo: 32)
            .flatMap { Int32($0.prefix { !$0.isWhitespace }) }
    }

    /// Whether the process is dead and waits to be reaped.
    static func isZombie(_ pid: Int32) -> Bool {
        guard let text = SystemCalls.text(of: "/proc/\(pid)/stat", upTo: 512) else { return true }
        // The name before the state may hold anything, the last parenthesis ends it.
        guard let close = text.lastIndex(of: ")") else { return false }
        return text[close...].dropFirst(2).first == "Z"
    }

    /// How many times the kernel's out-of-memory killer has struck since boot.
    static var outOfMemoryKills: Int64 { field("oom_kill ", of: "/proc/vmstat") ?? 0 }

    private static func field(_ name: String, of path: String) -> Int64? {
        guard let text = SystemCalls.text(of: path, upTo: 16 << 10),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) })
        else { return nil }
        return Int64(
            line.dropFirst(name.count).drop(while: \.isWhitespace).prefix(while: \.isNumber)
        )
    }
}
