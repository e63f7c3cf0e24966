import RampartCore

/// What confines scripts, put together from what is known of host, stack and worker.
struct ConfinementReport {
    /// What a worker has put on itself.
    let worker: [Layer: Enforcement]
    let stack: (shield: Enforcement, oom: Enforcement, seesShielded: Bool)
    let ownsEnvironment: Bool
    /// Whether leftover processes of runs that share the host's user can be told.
    let hasTags: Bool

    var confinement: Confinement {
        var layers = worker
        layers[.shield] = stack.shield
        // The zygote's environment is made from nothing, and is sent no event.
        layers[.environment] = .enforced
        layers[.oom] = stack.oom
        layers[.sweep] = sweep
        layers[.network] =
            layers[.syscalls] == .enforced ? .enforced : ownsEnvironment ? .watched : .off
        return Confinement(layers)
    }

    private var sweep: Enforcement {
        if !stack.seesShielded { return .unavailable("EPERM") }
        // No limits lie below the host's own, by which leftover processes could be told.
        if worker[.user] != .enforced, !hasTags { return .unavailable("ERANGE") }
        // As the host's own user, on a machine that is not Rampart's alone, what is new need not be a run's;
        // unless no run can write outside its scratch directory.
        let tellsLeavings =
            ownsEnvironment || worker[.user] == .enforced || worker[.files] == .enforced
        return tellsLeavings ? .enforced : .off
    }
}
