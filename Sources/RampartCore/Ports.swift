// What the pipeline needs of the world; the modules that touch it conform.

/// One invocation, as the Runtime API hands it over.
package struct Invocation: Sendable {
    package let requestID: String
    package let payload: [UInt8]
    /// Nil where the platform sent none.
    package let deadline: Deadline?
    package let traceID: String?
    package let tenantID: String?
    package let functionARN: String?
    /// The JSON of the AWS Mobile SDK's caller, as it came.
    package let clientContext: String?
    /// The JSON of the AWS Mobile SDK's caller, as it came.
    package let cognitoIdentity: String?
    /// Asks for the end of its run; nil if nothing but the process's own stop does.
    package let stop: (any RunStop)?

    package init(
        requestID: String,
        payload: [UInt8],
        deadline: Deadline?,
        traceID: String? = nil,
        tenantID: String? = nil,
        functionARN: String? = nil,
        clientContext: String? = nil,
        cognitoIdentity: String? = nil,
        stop: (any RunStop)? = nil
    ) {
        self.stop = stop
        self.requestID = requestID
        self.payload = payload
        self.deadline = deadline
        self.traceID = traceID
        self.tenantID = tenantID
        self.functionARN = functionARN
        self.clientContext = clientContext
        self.cognitoIdentity = cognitoIdentity
    }
}

/// Where invocations come from and answers go: the Lambda Runtime API, and whatever else hands out requests.
///
/// Each loop has one of its own, which only its thread calls.
package protocol InvocationTransport {
    /// Waits for the next invocation, however long that takes.
    func next() throws(Fault) -> Invocation

    /// Posts the answer.
    func respond(to requestID: String, with envelope: [UInt8]) throws(Fault)

    /// Posts a fault instead of an answer.
    func report(_ fault: Fault, for requestID: String) throws(Fault)
}

/// What runs a script.
package protocol ScriptRunner: Sendable {
    /// What runs scripts, as far as it is known by now.
    var engine: Engine { get }
    /// What confines scripts, as far as it is known before one runs.
    var confinement: Confinement { get }

    /// The packages that a script can load: versions by name.
    var installedPackages: [String: String] { get }

    /// Runs one script and returns when all its processes are dead.
    ///
    /// - Parameters:
    ///   - job: the script, its inputs and its limits.
    ///   - schedule: when it must be over.
    ///   - stop: asks for its end before.
    /// - Returns: all that is known of the run.
    /// - Throws: a ``Fault`` after which nobody knows how the script ended.
    func run(_ job: Job, on schedule: Schedule, stop: any RunStop) throws(Fault) -> RunRecord

    /// Tidies up after a run, once its answer is out, and makes ready for the next.
    ///
    /// - Parameter schedule: the invocation's; what would not be ready in time is left to the next run.
    /// - Throws: a ``Fault`` if no script can be run here any more.
    func tidy(on schedule: Schedule) throws(Fault)
}

/// Where artifacts go.
///
/// A failure is part of the answer, so nothing is thrown.
package protocol ArtifactStore {
    /// Stores the artifacts, and returns when each is confirmed or given up, at the latest at `instant`;
    /// `prefix` comes before each name, after the deployment's own.
    func store(
        _ artifacts: [Artifact],
        under prefix: String,
        until instant: ContinuousClock.Instant
    ) -> StoreOutcome
}

/// Where inputs that a request names by their place come from.
package protocol InputSource {
    /// Returns the objects' bytes, in order, at the latest at `instant`; each object comes with the JSON
    /// pointer of the field that names it, and may have at most `limit` bytes.
    func fetch(
        _ objects: [(object: S3Object, pointer: String)],
        atMost limit: Int,
        until instant: ContinuousClock.Instant
    ) throws(InputFailure) -> [[UInt8]]
}

/// Why inputs could not be fetched.
package enum InputFailure: Error, Sendable, Hashable {
    /// The request names what it may not or what is not there.
    case rejected(Rejection)
    /// The store refused or failed.
    case fault(Fault)
}
