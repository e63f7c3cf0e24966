import RampartCore
import SystemPackage

/// Removes what a run may have left beside its own process: other processes, System V objects, and files
/// outside its scratch directory.
///
/// Where the run had a user of its own, all that is that user's is the run's. Where it shared the host's,
/// its processes are known by the brand: a hard limit that a worker lowers and nobody can raise again; and
/// its other leavings by not having been there before.
struct Sweep {
    private let sparedObjects: [Int32]
    private let sparedFiles: Set<[UInt8]>

    /// Notes what is there before any run.
    ///
    /// - Parameter root: the host's own folder, which is spared.
    init(sparing root: ScratchRoot) {
        sparedObjects = SystemCalls.systemVObjects(of: SystemCalls.user)
        var names: Set<[UInt8]> = [Array(root.name.utf8)]
        for folder in Self.sharedFolders {
            guard let directory = try? SystemCalls.openDirectory(folder),
                let reader = try? DirectoryReader(directory)
            else { continue }
            while let entry = reader.next() { names.insert(entry.name) }
        }
        sparedFiles = names
    }

    /// Sweeps after a run.
    ///
    /// - Parameters:
    ///   - user: the run's own user; nil where it shared the host's.
    ///   - own: the processes that are not the run's though they are its user's.
    /// - Throws: a ``Fault`` of kind `tainted` where something will not go.
    func run(after user: UInt32?, sparing own: Set<Int32>) throws(Fault) {
        try killStrays(of: user, sparing: own)
        do {
            let objects = user == nil ? sparedObjects : []
            try SystemCalls.removeSystemVObjects(of: user ?? SystemCalls.user, sparing: objects)
            for folder in Self.sharedFolders { try removeFiles(of: user, in: folder) }
        } catch {
            throw Fault(.tainted, couldNot: "remove what the run left", cause: "\(error)")
        }
    }

    private func killStrays(of user: UInt32?, sparing own: Set<Int32>) throws(Fault) {
        for _ in 0..<Self.mostPasses {
            let strays = RunProcesses.list(of: user).filter { !own.contains($0) }
            if strays.isEmpty { return }
            for stray in strays { SystemCalls.kill(stray) }
        }
        throw Fault(.tainted, couldNot: "kill what the run started", cause: "it goes on after SIGKILL")
    }

    private func removeFiles(of user: UInt32?, in folder: String) throws(Errno) {
        guard let directory = try? SystemCalls.openDirectory(folder) else { return }
        let reader = try DirectoryReader(directory)
        var left: [[UInt8]] = []
        while let entry = reader.next() {
            let isRuns = SystemCalls.owner(of: entry.name, in: directory) == user ?? SystemCalls.user
            if isRuns, user != nil || !sparedFiles.contains(entry.name) { left.append(entry.name) }
        }
        for name in left { try SystemCalls.remove(name, from: directory) }
    }

    /// Where anybody may write.
    private static let sharedFolders = ["/tmp", "/var/tmp", "/dev/shm"]
    /// A process that forks while it is swept is caught by a later pass; a hundred are a matter of
    /// milliseconds.
    private static let mostPasses = 100
}
