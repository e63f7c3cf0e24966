import Logging
import RampartAWS
import RampartCore
import RampartRuntime
import RampartSandbox
import Synchronization

/// The loops of the Lambda runtime: as many as run at once, each with a connection to the Runtime API of its own.
///
/// The first fault that ends a loop ends the others: they take no further invocation, and those under way are
/// answered.
struct LambdaLoops: Sendable {
    let pool: Pool
    let settings: Settings
    let address: RuntimeAddress
    let log: Logger
    let meter: InvocationMeter?
    /// Thrown when no further invocation is to be taken.
    private let intake = StopSwitch()

    init(
        _ pool: Pool,
        settings: Settings,
        address: RuntimeAddress,
        log: Logger,
        meter: InvocationMeter?
    ) {
        self.pool = pool
        self.settings = settings
        self.address = address
        self.log = log
        self.meter = meter
    }

    /// Answers invocations until the process is told to stop.
    ///
    /// - Throws: the ``Fault`` after which this environment is not to be used again.
    func run() throws(Fault) {
        let first = FirstFault()
        do {
            try Threads.run(settings.maxConcurrency, endAll: { intake.raise() }) { _ in
                do throws(Fault) {
                    try answer()
                } catch {
                    first.note(error)
                    intake.raise()
                }
            }
        } catch {
            let cause = "the kernel refused a thread (errno \(error.errno))"
            throw Fault(.internalError, couldNot: "run several scripts at once", cause: cause)
        }
        if let fault = first.fault { throw fault }
    }

    /// Answers invocations over one connection, until no further one is to be taken.
    private func answer() throws(Fault) {
        let stores = try Stores(settings: settings)
        try loop(storingIn: stores).run()
        guard intake.reason == nil, stores.hasDeadCredentials else { return }
        let fault = Fault(
            .api,
            couldNot: "go on in this environment",
            cause: "S3 refused its credentials twice in a row, and only a new one is given new ones"
        )
        log.critical("\(fault)", metadata: ["errorType": "\(fault.errorType)"])
        throw fault
    }

    private func loop(storingIn stores: Stores) -> RuntimeLoop {
        let client = RuntimeClient(
            address,
            settings: .runtimeAPI.interrupted(by: StopSignal.descriptor),
            intake: intake.descriptor
        )
        // The environment is the whole process's: with several loops it cannot hold one invocation's trace.
        let isAlone = settings.maxConcurrency == 1
        return RuntimeLoop(
            from: client,
            pipeline: Host.pipeline(pool, stores, settings),
            runner: pool,
            log: log,
            logsScripts: settings.logsScripts,
            meter: meter,
            isStopping: { intake.reason != nil || stores.hasDeadCredentials },
            beginning: { if isAlone { Environment.set("_X_AMZN_TRACE_ID", to: $0.traceID) } }
        )
    }
}

/// The first fault of several threads.
private final class FirstFault: Sendable {
    private let noted = Mutex<Fault?>(nil)

    var fault: Fault? { noted.withLock { $0 } }

    func note(_ fault: Fault) { noted.withLock { $0 = $0 ?? fault } }
}
