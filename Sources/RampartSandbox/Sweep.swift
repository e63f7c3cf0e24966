import RampartCore
import SystemPackage

/// Removes what a run may have left beside its own process: other processes, System V objects, and files
/// outside its scratch directory.
///
/// Where the run had a user of its own, all that is that user's is the run's. Where it shared the host's,
/// its processes are known by the brand: a hard limit that a worker lowers and nobody can raise again. Its
/// other leavings are then known by not having been there before, which tells something only where the
/// environment is Rampart's own: on a desk they may be the person's at it, and are let lie.
struct Sweep {
    /// How long the files may take: less than is held back from the deadline, and enough for a hundred
    /// thousand.
    var removalBound = Duration.seconds(1)
    private let root: ScratchRoot
    private let ownsEnvironment: Bool
    private let sparedObjects: Set<SystemVObject>
    private let sparedFiles: Set<[UInt8]>

    /// Notes what is there before any run.
    ///
    /// - Parameters:
    ///   - root: the host's own folder.
    ///   - ownsEnvironment: whether nobody but Rampart makes files and objects here.
    init(sparing root: ScratchRoot, ownsEnvironment: Bool) {
        self.root = root
        self.ownsEnvironment = ownsEnvironment
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
    ///   - live: the names of what is in use in the host's own folder.
    /// - Throws: a ``Fault`` of kind `tainted` where something will not go, or not in time.
    func run(
        after user: UInt32?,
        sparing own: RunProcesses.Own,
        and live: Set<String>
    ) throws(Fault) {
        try killStrays(of: user, sparing: own)
        let end = ContinuousClock.now + removalBound
        if user == nil { try sweepRoot(sparing: live, until: end) }
        guard user != nil || ownsEnvironment else { return }
        do {
            let spared = user == nil ? sparedObjects : []
            let objects = SystemCalls.systemVObjects(of: user ?? SystemCalls.user)
            for object in objects.subtracting(spared) { try SystemCalls.remove(object) }
            for folder in Self.sharedFolders {
                try removeFiles(of: user, in: folder, until: end)
            }
        } catch {
            throw Fault(.tainted, couldNot: "remove what the run left", cause: "\(error)")
        }
    }

    /// Removes what the host does not use from its own folder, to which a run that shares its user can write.
    func sweepRoot(
        sparing live: Set<String>,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        do {
            try root.sweep(sparing: live, until: end)
        } catch {
            throw Fault(.tainted, couldNot: "sweep the folder \(root.path)", cause: "\(error)")
        }
    }

    /// Kills what a run or, before there is any, an earlier life of the environment left running.
    func killStrays(of user: UInt32?, sparing own: RunProcesses.Own) throws(Fault) {
        for _ in 0..<Self.mostPasses {
            let strays = RunProcesses.list(of: user, sparing: own)
            if strays.isEmpty { return }
            for stray in strays { RunProcesses.kill(stray, of: user, sparing: own) }
        }
        throw Fault(
            .tainted,
            couldNot: "kill what the run started",
            cause: "it goes on after SIGKILL"
        )
    }

    private func removeFiles(
        of user: UInt32?,
        in folder: String,
        until end: ContinuousClock.Instant
    ) throws(Errno) {
        guard let directory = try? SystemCalls.openDirectory(folder) else { return }
        let reader = try DirectoryReader(directory)
        var left: [[UInt8]] = []
        while let entry = reader.next() {
            let isRuns =
                SystemCalls.owner(of: entry.name, in: directory) == user ?? SystemCalls.user
            if isRuns, user != nil || !sparedFiles.contains(entry.name) { left.append(entry.name) }
        }
        for name in left {
            guard ContinuousClock.now < end else { throw .timedOut }
            try SystemCalls.remove(name, from: directory, until: end)
        }
    }

    /// Where anybody may write.
    private static let sharedFolders = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock"]
    /// A process that forks while it is swept is caught by a later pass; a hundred are a matter of
    /// milliseconds.
    private static let mostPasses = 100
}
