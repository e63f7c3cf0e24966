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
    private var folders: [SharedFolder] = []

    /// Notes what is there before any run.
    ///
    /// - Parameters:
    ///   - root: the host's own folder.
    ///   - ownsEnvironment: whether nobody but Rampart makes files and objects here.
    /// - Throws: a ``Fault`` where that cannot be seen.
    init(sparing root: ScratchRoot, ownsEnvironment: Bool) throws(Fault) {
        self.root = root
        self.ownsEnvironment = ownsEnvironment
        try noteWhatIsThere()
    }

    private mutating func noteWhatIsThere() throws(Fault) {
        do {
            sparedObjects = try SystemCalls.systemVObjects(of: SystemCalls.user)
        } catch {
            throw Fault(.tainted, couldNot: "list System V objects", cause: "\(error)")
        }
        folders = Self.sharedFolders.map { SharedFolder(at: $0, holding: own(in: $0)) }
    }

    /// The name of the host's own folder, or of what that lies in, where it lies in such a folder.
    private func own(in folder: String) -> [UInt8]? {
        guard root.path.hasPrefix("\(folder)/") else { return nil }
        return Array(root.path.dropFirst(folder.count + 1).prefix { $0 != "/" }.utf8)
    }

    /// Ends what runs of an earlier life of the environment left: their processes and, where the host's user
    /// is no person, all that is that user's outside the host's folder.
    ///
    /// To be called before there is any run, where nobody but this host and its runs is the host's user.
    ///
    /// - Throws: a ``Fault`` of kind `tainted` where something will not go, or not in time.
    mutating func endEarlierLife(sparing own: RunProcesses.Own) throws(Fault) {
        try killStrays(of: nil, mayFork: true, sparing: own, until: .now + deathBound)
        guard !SystemCalls.isPerson(SystemCalls.user) else { return }
        SystemCalls.clearKeys()
        let end = ContinuousClock.now + leftoverBound
        do {
            for object in sparedObjects { try SystemCalls.remove(object) }
            for folder in Self.sharedFolders {
                try SharedFolder.clear(folder, sparing: self.own(in: folder), until: end)
            }
        } catch {
            throw Fault(.tainted, couldNot: "remove what an earlier run left", cause: "\(error)")
        }
        try noteWhatIsThere()
    }

    /// Sweeps after a run.
    ///
    /// - Parameters:
    ///   - user: the run's own user; nil where it shared the host's.
    ///   - mayFork: whether no layer kept the run from forking.
    ///   - own: the processes that are not the run's though they are its user's.
    ///   - live: the names of what is in use in the host's own folder.
    ///   - end: when it must be done, if no bound of its own comes before.
    /// - Throws: a ``Fault`` of kind `tainted` where something will not go, or not in time.
    func run(
        after user: UInt32?,
        mayFork: Bool,
        sparing own: RunProcesses.Own,
        and live: Set<String>,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        try killStrays(of: user, mayFork: mayFork, sparing: own, until: end)
        // The first process of a container is whose children all orphans become.
        if own.host == 1 { try? RunProcesses.reapOrphans(sparing: own) }
        let end = min(end, .now + removalBound)
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
            let objects = try SystemCalls.systemVObjects(of: user ?? SystemCalls.user)
            for object in objects.subtracting(spared) { try SystemCalls.remove(object) }
            for folder in folders { try folder.removeLeavings(of: user, until: end) }
        } catch {
            throw Fault(.tainted, couldNot: "remove what a run left", cause: "\(error)")
        }
    }

    /// Removes what the host does not use from its own folder, to which a run that shares its user can write.
    private func sweepRoot(
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
        sparing own: RunProcesses.Own,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        let end = min(end, .now + deathBound)
        var looksLeft = mayFork ? 2 : 1
        do {
            while looksLeft > 0 {
                let strays = try RunProcesses.list(of: user, sparing: own)
                if strays.isEmpty {
                    looksLeft -= 1
                    continue
                }
                guard ContinuousClock.now < end else { throw Errno.timedOut }
                var deaths: [OwnedDescriptor] = []
                for stray in strays {
                    if let death = try RunProcesses.kill(stray, of: user, sparing: own) {
                        deaths.append(death)
                    }
                }
                _ = try SystemCalls.wait(for: deaths, until: min(end, .now + Watchdog.tick))
            }
        } catch {
            throw Fault(.tainted, couldNot: "kill what the run started", cause: "\(error)")
        }
    }

    /// Where anybody may write.
    private static let sharedFolders = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock"]
}
