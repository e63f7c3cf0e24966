import Glibc
import RampartCore
import RampartSandbox

/// The process's environment, and the files that belong to the program.
enum Environment {
    /// All variables, as they are now.
    static var current: [String: String] {
        var variables: [String: String] = [:]
        // SAFETY: environ is an array of C strings with a null at its end, and nothing changes it meanwhile:
        // the process has one thread.
        var entry = unsafe environ
        while let pointer = unsafe entry.pointee {
            let pair = unsafe String(cString: pointer).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            unsafe entry += 1
        }
        return variables
    }

    /// Sets a variable of the host's alone; nil removes it.
    static func set(_ name: String, to value: String?) {
        // SAFETY: both strings outlive the call, and no other thread reads the environment.
        if let value { unsafe setenv(name, value, 1) } else { unsafe unsetenv(name) }
    }

    /// The program's own file.
    ///
    /// A shielded process cannot ask `/proc` for it: it is what it was before the shield went up, or else
    /// what the program was started as.
    static var executable: String {
        rememberedExecutable ?? linkedExecutable ?? HostShield.startedAs
    }

    /// Whether ``HostShield`` has started this process anew.
    static var isShieldTried: Bool { rememberedExecutable != nil }

    /// Remembers the program's file for the process that this one becomes; a child, which has another pid,
    /// takes no notice.
    static func rememberExecutable() {
        set(HostShield.variable, to: "\(getpid()):\(executable)")
    }

    private static var rememberedExecutable: String? {
        let parts = current[HostShield.variable]?.split(separator: ":", maxSplits: 1) ?? []
        return parts.count == 2 && Int32(parts[0]) == getpid() ? String(parts[1]) : nil
    }

    private static var linkedExecutable: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        // SAFETY: readlink writes at most the buffer's size.
        let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0 else { return nil }
        return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The folder that the R package `rampart` is installed in: beside the program.
    static var library: String {
        let folder = executable.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(folder)/r-library"
    }

    /// The folder for what need not last.
    static var temporaryDirectory: String { current["TMPDIR"] ?? "/tmp" }
}
