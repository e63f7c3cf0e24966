import RampartCore
import SystemPackage

/// The host's own folder, below which every run has its scratch directory.
///
/// It is emptied and removed when the host is done with it.
final class ScratchRoot {
    let name: String
    let path: String
    private(set) var directory: OwnedDescriptor

    private var identity: FileMark?
    private var attributes: [UInt8] = []
    private var made = 0

    /// Makes the folder in `parent`: `/tmp`, the one writable place in Lambda.
    init(in parent: String) throws(Fault) {
        let pid = SystemCalls.processID
        let start = ProcessStatus.startTime(of: pid) ?? 0
        name = "\(Self.prefix)\(pid)-\(start)-\(UInt32.random(in: .min ... .max))"
        path = "\(parent)/\(name)"
        // A run of an earlier life may have closed it, where it is the host's user's own.
        SystemCalls.openUp(parent)
        do {
            try Self.removeLeftovers(in: parent)
            directory = try Self.makeFolder(path)
            identity = SystemCalls.mark(of: Self.itself, in: directory)
            attributes = try SystemCalls.attributes(of: directory)
        } catch {
            throw Fault(.scratch, couldNot: "make the folder \(path)", cause: "\(error)")
        }
    }

    deinit {
        try? SystemCalls.empty(directory, until: .now + Self.removalBound)
        try? SystemCalls.removeDirectory(path)
    }

    /// Makes the scratch directory of the next run, and the host's own folder where that is gone.
    func makeScratch(for user: RunUser?) throws(Fault) -> ScratchDirectory {
        try remake()
        return try ScratchDirectory(at: "\(path)/\(freshName("run"))", user: user)
    }

    /// Makes the folder of the next zygote.
    func makeZygoteFolder() throws(Fault) -> ZygoteFolder {
        try ZygoteFolder(freshName("zygote"), in: directory, at: path)
    }

    /// Removes all but what is named, where runs are the host's own user and may have put it there.
    ///
    /// - Throws: where something will not go, or not in time, or the folder itself is not what and where it was.
    func sweep(sparing live: Set<String>, until end: ContinuousClock.Instant) throws(Errno) {
        guard let identity, let now = SystemCalls.mark(of: Self.itself, in: directory),
            let there = SystemCalls.mark(of: Self.itself, in: try SystemCalls.openDirectory(path)),
            there.isSame(as: identity), now.isSame(as: identity),
            try SystemCalls.attributes(of: directory) == attributes
        else { throw .staleNFSFileHandle }
        let reader = try DirectoryReader(directory)
        var left: [[UInt8]] = []
        while let entry = reader.next() {
            if !live.contains(String(decoding: entry.name, as: UTF8.self)) {
                left.append(entry.name)
            }
        }
        if let error = reader.error { throw error }
        for name in left { try SystemCalls.remove(name, from: directory, until: end) }
    }

    /// A name that a run cannot guess, and make before the host does.
    private func freshName(_ kind: String) -> String {
        made += 1
        return "\(kind)-\(made)-\(UInt32.random(in: .min ... .max))"
    }

    /// Makes the folder anew where somebody tidied it away.
    func remake() throws(Fault) {
        do {
            guard try SystemCalls.isMissing(path) else { return }
            directory = try Self.makeFolder(path)
            identity = SystemCalls.mark(of: Self.itself, in: directory)
            attributes = try SystemCalls.attributes(of: directory)
        } catch {
            throw Fault(.scratch, couldNot: "make the folder \(path) anew", cause: "\(error)")
        }
    }

    private static func makeFolder(_ path: String) throws(Errno) -> OwnedDescriptor {
        // A run's own user passes through, and can list nothing.
        try SystemCalls.makeDirectory(path, mode: 0o711)
        let directory = try SystemCalls.openDirectory(path)
        // Held until the host is dead: by this, hosts that see other pids know that it is not.
        _ = try SystemCalls.lock(directory)
        return directory
    }

    /// Removes the folders of hosts that are dead: of an environment's earlier life, or killed on a desk.
    ///
    /// A folder is named for its host's pid and start time, which no two processes share, and a number
    /// that no one can guess ahead.
    private static func removeLeftovers(in parent: String) throws(Errno) {
        let directory = try SystemCalls.openDirectory(parent)
        let reader = try DirectoryReader(directory)
        let end = ContinuousClock.now + removalBound
        while let entry = reader.next() {
            guard isLeftover(String(decoding: entry.name, as: UTF8.self)),
                SystemCalls.owner(of: entry.name, in: directory) == SystemCalls.user,
                let folder = try? SystemCalls.open(
                    entry.name,
                    beneath: directory,
                    asDirectory: true
                ),
                (try? SystemCalls.lock(folder)) == true
            else { continue }
            // What will not go, or not so soon, is in nobody's way: no new folder has its name.
            try? SystemCalls.remove(entry.name, from: directory, until: end)
        }
    }

    private static func isLeftover(_ name: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        let numbers = name.dropFirst(prefix.count).split(separator: "-").compactMap { UInt64($0) }
        guard numbers.count == 3, let pid = Int32(exactly: numbers[0]) else { return false }
        return ProcessStatus.startTime(of: pid) != numbers[1]
    }

    private static let prefix = "rampart-"
    /// A start has ten seconds, and a stop half of one in Lambda.
    private static let removalBound = Duration.seconds(2)
    private static let itself = [UInt8(ascii: ".")]
}
