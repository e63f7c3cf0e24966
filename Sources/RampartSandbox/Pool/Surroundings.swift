import RampartCore
import SystemPackage

/// What all slots of a host share: its folder, the users that runs are, and what is looked after when a run is
/// over.
struct Surroundings: Sendable {
    let root: ScratchRoot
    let users = RunUsers()
    let sweep: Sweep
    /// Whether the machine is Rampart's alone, as in Lambda: then connections are counted, and what is new in
    /// `/tmp` is a run's.
    let ownsEnvironment: Bool
    private let host = TaintWatch.Subject("host", SystemCalls.processID, isIdle: false)
    private let hostConnections: any ConnectionCount
    private let claim = HostClaim()

    /// Notes what is there before any run, and ends what an earlier life of the environment left.
    ///
    /// - Throws: a ``Fault`` if that cannot be seen, or something of an earlier life will neither go nor move.
    init(
        in parent: String,
        ownsEnvironment: Bool,
        hostConnections: any ConnectionCount
    ) throws(Fault) {
        self.ownsEnvironment = ownsEnvironment
        self.hostConnections = hostConnections
        root = try ScratchRoot(in: parent)
        // As root, runs are other users.
        let isAlone = ownsEnvironment && SystemCalls.user != 0
        var sweep = try Sweep(sparing: root, ownsEnvironment: ownsEnvironment, isAlone: isAlone)
        if isAlone { try sweep.endEarlierLife() }
        self.sweep = sweep
    }

    /// Ends the environment if a run that is the host's user told the host to stop: its answer must not say that
    /// the platform did, and that the caller is to try again.
    ///
    /// Nobody else of that user does so in an environment that is Rampart's alone. The platform is another user, is
    /// outside the pid namespace, or is the host's parent. Of several runs at once nobody knows which it was, so
    /// each is answered so.
    func refuseStopByRun() throws(Fault) {
        guard ownsEnvironment, SystemCalls.user != 0, StopSignal.isFromOwnUser else { return }
        let cause = "a process of a run's user told the host to stop"
        throw Fault(.tainted, couldNot: "keep the environment clean", cause: cause)
    }

    /// Notes how things stand before a script, to compare when it is over.
    ///
    /// - Parameters:
    ///   - ready: the worker that will run it.
    ///   - watchesConnections: whether no layer keeps it from connecting.
    /// - Returns: what compares.
    func watch(over ready: ReadyWorker, watchesConnections: Bool) -> TaintWatch {
        ready.zygote.whileIdle {
            TaintWatch(
                host: host,
                zygote: ready.zygote.pid,
                sharesUser: ready.worker.sharesUser,
                ownsEnvironment: watchesConnections,
                hostConnections: hostConnections
            )
        }
    }
}
