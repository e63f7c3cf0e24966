import RampartCore
import RampartRuntime
import RampartSandbox

/// Everything wired together: R started, and a pipeline around it.
struct Host {
    let sandbox: Sandbox
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
        let stores = try Stores(settings: settings, deployment: store)
        let path = Environment.current["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        sandbox = try Sandbox(
            engine: try REngine(home: settings.rHome, path: path),
            settings: settings,
            library: Environment.library,
            parent: Environment.temporaryDirectory,
            ownsEnvironment: ownsEnvironment
        )
        pipeline = Pipeline(
            runner: sandbox,
            stores: stores,
            inputs: stores.inputs,
            settings: settings
        )
    }

    /// Answers one event that did not come from the platform.
    func answer(_ event: [UInt8]) throws(Fault) -> Envelope {
        let invocation = Invocation(requestID: RequestID.random(), payload: event, deadline: nil)
        return try pipeline.answer(invocation)
    }
}
