import RampartAWS
import RampartCore
import RampartRuntime
import RampartSandbox

/// Everything wired together: R started, and a pipeline around it.
struct Host {
    let pool: Pool
    let pipeline: Pipeline

    /// Starts R.
    ///
    /// - Parameters:
    ///   - settings: the deployment's.
    ///   - store: takes the deployment's store's place.
    ///   - ownsEnvironment: whether the machine is Rampart's alone, as in Lambda.
    /// - Throws: a ``Fault`` that says why it cannot start.
    init(
        settings: Settings,
        store: (any ArtifactStore)? = nil,
        ownsEnvironment: Bool = false
    ) throws(Fault) {
        StopSignal.heed()
        try Self.findPackage()
        let stores = try Stores(settings: settings, deployment: store)
        let path = Environment.current["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        pool = try Pool(
            engine: try REngine(home: settings.rHome, path: path),
            settings: settings,
            library: Environment.library,
            parent: Environment.temporaryDirectory,
            ownsEnvironment: ownsEnvironment,
            hostConnections: OpenedConnections()
        )
        pipeline = Self.pipeline(pool, stores, settings)
    }

    /// Returns a pipeline on the connections of these stores, which are one thread's own.
    static func pipeline(_ pool: Pool, _ stores: Stores, _ settings: Settings) -> Pipeline {
        Pipeline(
            runner: pool,
            stores: stores,
            inputs: stores.inputs,
            settings: settings,
            stop: ProcessStop()
        )
    }

    /// Looks for the R package that R itself would miss with a message of its own.
    private static func findPackage() throws(Fault) {
        guard !Files.exists("\(Environment.library)/rampart/DESCRIPTION") else { return }
        let cause =
            "it is not in \(Environment.library): keep the folder r-library beside the program, link to the "
            + "program instead of moving it, or run `make build` or `make install`"
        throw Fault(.missingEngine, couldNot: "find the R package rampart", cause: cause)
    }

    /// Answers one event that did not come from the platform.
    func answer(_ event: [UInt8]) throws(Fault) -> Envelope {
        let invocation = Invocation(requestID: RequestID.random(), payload: event, deadline: nil)
        return try pipeline.answer(invocation, on: pipeline.schedule(for: invocation))
    }
}
