import RampartCore

/// Notices what a run did to the environment that the sweep cannot undo.
struct TaintWatch {
    /// A process that no run may change.
    struct Subject: Sendable {
        let name: String
        let pid: Int32
        /// Whether it does nothing while a script runs.
        let isIdle: Bool
        let state: [String: String]

        /// Notes how it is.
        init(_ name: String, _ pid: Int32, isIdle: Bool) {
            self.name = name
            self.pid = pid
            self.isIdle = isIdle
            state = Self.state(of: pid, isIdle: isIdle)
        }

        /// The name of something that is not as it was.
        var change: String? {
            let now = Self.state(of: pid, isIdle: isIdle)
            return Set(state.keys).union(now.keys).sorted().first { state[$0] != now[$0] }
        }

        private static func state(of pid: Int32, isIdle: Bool) -> [String: String] {
            let vitals = ProcessStatus.vitals(of: pid)
            guard isIdle else { return vitals }
            return vitals.merging(ProcessStatus.shape(of: pid)) { own, _ in own }
        }
    }

    /// Nil if the run is not the host's user: then it is not compared.
    let sockets: SocketWatch?
    private let subjects: [Subject]
    private let zygote: Int32?
    /// Nil if it cannot be read, or no run could reach it.
    private let map: [UInt8]?
    private let ownsEnvironment: Bool
    private let connections: ConnectionWatch?
    private let keys: String?

    /// Notes how things stand before the script.
    ///
    /// - Parameters:
    ///   - host: the host, as it was before there was any run: what one run did to it is not how it should be
    ///     for the next. A run that is another user can do nothing to it, but whoever runs it can.
    ///   - zygote: the zygote's, which must be idle now and at ``check()``.
    ///   - sharesUser: whether the run is the host's own user.
    ///   - ownsEnvironment: whether no one but a run and the host connects, or leaves keys in the kernel.
    ///   - hostConnections: the connections that the host opens itself.
    init(
        host: Subject,
        zygote: Int32?,
        sharesUser: Bool,
        ownsEnvironment: Bool,
        hostConnections: any ConnectionCount = NoConnections()
    ) {
        sockets = sharesUser ? SocketWatch() : nil
        self.zygote = zygote
        self.ownsEnvironment = ownsEnvironment
        subjects =
            (sharesUser ? [host] : [])
            + (zygote.map { [Subject("zygote", $0, isIdle: true)] } ?? [])
        map = sharesUser ? zygote.flatMap(ProcessStatus.map) : nil
        connections = ownsEnvironment ? ConnectionWatch(beside: hostConnections) : nil
        keys = ownsEnvironment ? ProcessStatus.keys(of: SystemCalls.user) : nil
    }

    /// Compares, once the run's processes are dead.
    ///
    /// A zygote that is dead is no taint: it is replaced before the next run.
    ///
    /// - Throws: a ``Fault`` of kind `tainted` that names what changed.
    func check() throws(Fault) {
        for subject in subjects {
            if let change = subject.change, !(subject.isIdle && Self.isDying(subject.pid)) {
                throw Self.fault("the \(subject.name) is not as it was: \(change)")
            }
        }
        if let map, let zygote, ProcessStatus.map(of: zygote) != map, !Self.isDying(zygote) {
            throw Self.fault("the zygote is not as it was: its memory map")
        }
        guard ownsEnvironment else { return }
        guard connections?.hasUnexplained != true else {
            throw Self.fault("a connection was opened that is not the host's")
        }
        guard ProcessStatus.keys(of: SystemCalls.user) == keys else {
            throw Self.fault("a key was left in the kernel")
        }
    }

    /// Who cannot be looked at is not taken for dead.
    private static func isDying(_ pid: Int32) -> Bool {
        (try? ProcessStatus.isDying(pid)) ?? false
    }

    private static func fault(_ cause: String) -> Fault {
        Fault(.tainted, couldNot: "keep the environment clean", cause: cause)
    }
}
