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
    /// The same before the first run: of ten seconds that Lambda gives a start.
    private let leftoverBound = Duration.seconds(4)
    /// How long what was killed may take to die: it gives back hundreds of megabytes first.
    var deathBound = Duration.seconds(2)
    private let root: ScratchRoot
    private let ownsEnvironment: Bool
    private var sparedObjects: Set<SystemVObject> = []
    /// Names by the folder that they are in.
    private var sparedFiles: [String: Set<[UInt8]>] = [:]

    /// Notes what is there before any run.
    ///
    /// - Parameters:
    ///   - root: the host's own folder.
    ///   - ownsEnvironment: whether nobody but Rampart makes files and objects here.
    init(sparing root: ScratchRoot, ownsEnvironment: Bool) {
        self.root = root
        self.ownsEnvironment = ownsEnvironment
        spareWhatIsThere()
    }

    private mutating func spareWhatIsThere() {
        sparedObjects = SystemCalls.systemVObjects(of: SystemCalls.user)
        spareOwnFiles()
        for folder in Self.sharedFolders {
            guard let directory = try? SystemCalls.openDirectory(folder),
                let reader = try? DirectoryReader(directory)
            else { continue }
            while let entry = reader.next() { sparedFiles[folder, default: []].insert(entry.name) }
        }
    }

    /// Spares nothing but the host's own folder, or the one that it lies in.
    private mutating func spareOwnFiles() {
        sparedFiles = [:]
        for folder in Self.sharedFolders where root.path.hasPrefix("\(folder)/") {
            let name = root.path.dropFirst(folder.count + 1).prefix { $0 != "/" }
            sparedFiles[folder] = [Array(name.utf8)]
        }
    }

    /// Ends what runs of an earlier life of the environment left: their processes and, where the host's user
    /// has no account and so is no person, all that is that user's outside the host's folder.
    ///
    /// To be called before there is any run, where nobody but this host and its runs is the host's user.
    ///
    /// - Throws: a ``Fault`` of kind `tainted` where something will not go, or not in time.
    mutating func endEarlierLife(sparing own: RunProcesses.Own) throws(Fault) {
        try killStrays(of: nil, mayFork: true, sparing: own)
        guard !SystemCalls.hasAccount(SystemCalls.user) else { return }
        SystemCalls.clearKeys()
        sparedObjects = []
        spareOwnFiles()
        try removeLeavings(of: nil, until: .now + leftoverBound)
        spareWhatIsThere()
    }

    /// Sweeps after a run.
    ///
    /// - Parameters:
    ///   - user: the run's own user; nil where it shared the host's.
    ///   - mayFork: whether no layer kept the run from forking.
    ///   - own: the processes that are not the run's though they are its user's.
    ///   - live: the names of what is in use in the host's own folder.
    /// - Throws: a ``Fault`` of kind `tainted` where something will not go, or not in time.
    func run(
        after user: UInt32?,
        mayFork: Bool,
        sparing own: RunProcesses.Own,
        and live: Set<String>
    ) throws(Fault) {
        try killStrays(of: user, mayFork: mayFork, sparing: own)
        // The first process of a container is whose children all orphans become.
        if own.host == 1 { RunProcesses.reapOrphans(sparing: own) }
        let end = ContinuousClock.now + removalBound
        if user == nil { try sweepRoot(sparing: live, until: end) }
        guard user != nil || ownsEnvironment else { return }
        try removeLeavings(of: user, until: end)
    }

    private func removeLeavings(
        of user: UInt32?,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        do {
            let spared = user == nil ? sparedObjects : []
            let objects = SystemCalls.systemVObjects(of: user ?? SystemCalls.user)
            for object in objects.subtracting(spared) { try SystemCalls.remove(object) }
            for folder in Self.sharedFolders {
                try removeFiles(of: user, in: folder, until: end)
            }
        } catch {
            throw Fault(.tainted, couldNot: "remove what a run left", cause: "\(error)")
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

    /// Kills what a run, or one of an earlier life, left running.
    ///
    /// A process that forks may have a child whose number the listing has passed by then: where that can be,
    /// one look that finds nothing is not enough.
    private func killStrays(
        of user: UInt32?,
        mayFork: Bool,
        sparing own: RunProcesses.Own
    ) throws(Fault) {
        let end = ContinuousClock.now + deathBound
        var looksLeft = mayFork ? 2 : 1
        while looksLeft > 0 {
            let strays = RunProcesses.list(of: user, sparing: own)
            if strays.isEmpty {
                looksLeft -= 1
                continue
            }
            guard ContinuousClock.now < end else {
                throw Fault(
                    .tainted,
                    couldNot: "kill what the run started",
                    cause: "it lives \(deathBound) after SIGKILL"
                )
            }
            let deaths = strays.compactMap { RunProcesses.kill($0, of: user, sparing: own) }
            _ = try? SystemCalls.wait(for: deaths, until: min(end, .now + Watchdog.tick))
        }
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
            let isSpared = sparedFiles[folder]?.contains(entry.name) ?? false
            if isRuns, user != nil || !isSpared { left.append(entry.name) }
        }
        for name in left {
            guard ContinuousClock.now < end else { throw .timedOut }
            try SystemCalls.remove(name, from: directory, until: end)
        }
    }

    /// Where anybody may write.
    private static let sharedFolders = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock"]
}
