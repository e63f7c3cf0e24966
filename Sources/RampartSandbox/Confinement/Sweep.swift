import RampartCore
import SystemPackage

/// Removes what a run may have left beside its own process: other processes, System V objects, and files
/// outside its scratch directory.
///
/// If the run had a user of its own, all that is that user's is the run's. If it shared the host's, its processes
/// are known by a ``RunTag``. Its other leavings are then known by not having been there before, which tells
/// something only if the environment is Rampart's own: on a shared machine they may be somebody else's, and stay.
struct Sweep: Sendable {
    /// How long the files may take.
    var removalBound = Bound.leavings.duration
    /// How long what was killed may take to die.
    var deathBound = Bound.death.duration
    private let root: ScratchRoot
    private let ownsEnvironment: Bool
    private let isAlone: Bool
    /// Whether the kernel lets go of what dead processes sent to themselves.
    private let settlesSockets: Bool
    private var sparedObjects: Set<SystemVObject> = []
    private var folders: [SharedFolder] = []

    /// Notes what is there before any run.
    ///
    /// - Parameters:
    ///   - root: the host's own folder.
    ///   - ownsEnvironment: whether nobody but Rampart makes files and objects here.
    ///   - isAlone: whether nobody but hosts and their runs is the host's user, as in Lambda.
    /// - Throws: a ``Fault`` if that cannot be seen.
    init(
        sparing root: ScratchRoot,
        ownsEnvironment: Bool,
        isAlone: Bool = false
    ) throws(Fault) {
        self.root = root
        self.ownsEnvironment = ownsEnvironment
        self.isAlone = isAlone
        settlesSockets = (try? SystemCalls.settleSockets(until: Bound.zygoteAnswer.end())) != nil
        try noteWhatIsThere()
    }

    private mutating func noteWhatIsThere() throws(Fault) {
        do {
            sparedObjects = try SystemCalls.systemVObjects(of: SystemCalls.user)
        } catch {
            throw Fault(.tainted, couldNot: "list System V objects", cause: "\(error)")
        }
        folders = Self.sharedFolders.map { SharedFolder(at: $0, with: root) }
    }

    /// Ends what runs of an earlier life of the environment left: their processes and, if the host's user
    /// is no person, all that is that user's outside the host's folder.
    ///
    /// To be called before there is any run, if nobody but hosts and their runs is the host's user.
    ///
    /// - Throws: a ``Fault`` of kind `tainted` if something will neither go nor move.
    mutating func endEarlierLife() throws(Fault) {
        do {
            try killLeftovers(of: .anyTag, mayFork: true, until: Bound.death.end())
        } catch {
            // What could not be found has been killed by now with all else of the user, if no other host lives.
            try killLeftovers(of: .anyTag, mayFork: true, until: Bound.death.end())
        }
        try settleSockets(until: Bound.death.end())
        guard !SystemCalls.isPerson(SystemCalls.user) else { return }
        SystemCalls.clearKeys()
        let end = Bound.earlierLife.end()
        do {
            for object in sparedObjects { try SystemCalls.remove(object) }
            for folder in folders { try folder.clear(until: end) }
        } catch {
            throw Fault(.tainted, couldNot: "remove what an earlier run left", cause: "\(error)")
        }
        try noteWhatIsThere()
    }

    /// Ends the processes that a run left.
    ///
    /// - Parameters:
    ///   - owner: whose they are.
    ///   - mayFork: whether no layer kept the run from forking.
    ///   - mayHaveLeftSockets: whether sockets may be left that nobody has open.
    ///   - end: when it must be done, if no bound of its own comes before.
    /// - Throws: a ``Fault`` of kind `tainted` if something will not die, or not in time.
    func endProcesses(
        of owner: RunProcesses.Owner,
        mayFork: Bool,
        mayHaveLeftSockets: Bool,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        try killLeftovers(of: owner, mayFork: mayFork, until: end)
        // What keeps a run from forking keeps it from sockets too.
        if mayFork, mayHaveLeftSockets { try settleSockets(until: end) }
        HostChildren.reapOrphans()
    }

    /// Empties what was moved aside, as far as it goes.
    func emptyAside(until end: ContinuousClock.Instant) {
        for folder in folders { folder.emptyAside(until: end) }
    }

    /// Removes objects and files of a run that had a user of its own.
    ///
    /// - Throws: a ``Fault`` of kind `tainted` if something will not go, or not in time.
    func removeLeavings(
        of user: UInt32,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        try removeLeavings(of: user, sparing: [], until: end)
    }

    /// Removes objects and files that runs of the host's user left, as far as they can be told from others'.
    ///
    /// To be called while no such run is under way: what is new may be its.
    ///
    /// - Throws: a ``Fault`` of kind `tainted` if something will not go, or not in time.
    func removeSharedLeavings(until end: ContinuousClock.Instant) throws(Fault) {
        guard ownsEnvironment else { return }
        try removeLeavings(of: nil, sparing: sparedObjects, until: end)
    }

    private func removeLeavings(
        of user: UInt32?,
        sparing spared: Set<SystemVObject>,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        let end = min(end, .now + removalBound)
        do {
            let objects = try SystemCalls.systemVObjects(of: user ?? SystemCalls.user)
            for object in objects.subtracting(spared) { try SystemCalls.remove(object) }
            for folder in folders { try folder.removeLeavings(of: user, until: end) }
        } catch {
            throw Fault(.tainted, couldNot: "remove what a run left", cause: "\(error)")
        }
    }

    private func killLeftovers(
        of owner: RunProcesses.Owner,
        mayFork: Bool,
        until end: ContinuousClock.Instant
    ) throws(Fault) {
        let end = min(end, .now + deathBound)
        do {
            try ProcessHunt(owner, mayFork: mayFork, isAlone: isAlone).run(until: end)
        } catch {
            throw Fault(.tainted, couldNot: "end what the run started", cause: "\(error)")
        }
    }

    /// Waits until the kernel has let go of files that dead processes sent to themselves, and of the locks on them.
    private func settleSockets(until end: ContinuousClock.Instant) throws(Fault) {
        guard settlesSockets else { return }
        do {
            try SystemCalls.settleSockets(until: min(end, .now + deathBound))
        } catch {
            throw Fault(.tainted, couldNot: "end what the run sent to itself", cause: "\(error)")
        }
    }

    /// Where anybody may write.
    private static let sharedFolders = ["/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock"]
}
