import RampartCore

/// Which deployments may run several scripts at once.
enum SharedUserRule {
    /// Refuses to go on if runs that are under way at once could harm each other.
    ///
    /// - Throws: a ``Fault`` of kind `invalidConfiguration` that says what to do.
    static func check(_ confinement: Confinement, _ settings: Settings) throws(Fault) {
        let count = settings.maxConcurrency
        let layers = confinement.layers
        guard count > 1, layers[.user] != .enforced else { return }
        guard layers[.sweep] != .unavailable("ERANGE") else {
            let cause = """
                the host's own limits of pending signals and file locks are so low that the processes of \
                \(count) runs cannot be told apart: raise them, or set AWS_LAMBDA_MAX_CONCURRENCY to 1
                """
            throw Fault(
                .invalidConfiguration,
                couldNot: "run \(count) scripts at once",
                cause: cause
            )
        }
        guard layers[.syscalls] != .enforced, layers[.files] != .enforced, !settings.sharesUser
        else { return }
        let cause = """
            all runs are one user here, and neither the layer syscalls nor files holds, so a script could \
            read and stop the others: set AWS_LAMBDA_MAX_CONCURRENCY to 1, or run Rampart as root, or accept \
            that with RAMPART_SHARE_USER=on
            """
        throw Fault(.invalidConfiguration, couldNot: "run \(count) scripts at once", cause: cause)
    }
}
