import Foundation

/// The descriptors that this process has open.
enum OpenDescriptors {
    /// All of them, but the one that lists them.
    static func all() -> Set<Int> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return Set(names.compactMap { Int($0) }.filter { fcntl(CInt($0), F_GETFD) != -1 })
    }

    /// Those that a child process would inherit.
    static func withoutCloseOnExec() -> Set<Int> {
        all().filter { fcntl(CInt($0), F_GETFD) & FD_CLOEXEC == 0 }
    }

    /// Returns whether a descriptor is a connection whose other end has that port.
    static func isConnected(_ descriptor: Int, to port: Int) -> Bool {
        let link = try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/self/fd/\(descriptor)"
        )
        guard let link, link.hasPrefix("socket:["),
            let table = try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
        else { return false }
        let inode = link.dropFirst("socket:[".count).dropLast()
        return table.split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            return fields.count > 9 && fields[9] == inode
                && fields[2].hasSuffix(String(format: ":%04X", port))
        }
    }
}
