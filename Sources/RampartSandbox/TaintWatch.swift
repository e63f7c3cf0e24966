import RampartCore

/// Notices what a run did to the environment that the sweep cannot undo.
struct TaintWatch {
    private let processes: [Int32]
    private let vitals: [[String]]
    /// Nil where the tripwire is off.
    private let activeOpens: Int64?

    /// Notes how things stand before the script.
    ///
    /// - Parameters:
    ///   - processes: the host and the zygote.
    ///   - hasTripwire: whether connections are counted; the host opens none until ``check()``.
    init(_ processes: [Int32], hasTripwire: Bool) {
        self.processes = processes
        vitals = processes.map(ProcessStatus.vitals)
        activeOpens = hasTripwire ? ProcessStatus.activeOpens : nil
    }

    /// Compares, once the run's processes are dead.
    ///
    /// - Throws: a ``Fault`` of kind `tainted` that names what changed.
    func check() throws(Fault) {
        guard processes.map(ProcessStatus.vitals) == vitals else {
            throw Self.fault(
                "a limit, the niceness, the affinity or the parent of the host or the zygote changed"
            )
        }
        guard activeOpens == nil || ProcessStatus.activeOpens == activeOpens else {
            throw Self.fault("a connection was opened that is not the host's")
        }
    }

    private static func fault(_ cause: String) -> Fault {
        Fault(.tainted, couldNot: "keep the environment clean", cause: cause)
    }
}
