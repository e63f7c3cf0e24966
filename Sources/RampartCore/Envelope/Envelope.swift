/// The answer to one invocation; `docs/envelope.schema.json` has its shape.
package struct Envelope: Sendable {
    package let requestID: String
    package let status: Status
    package private(set) var charts: [StoredArtifact] = []
    package private(set) var files: [StoredArtifact] = []
    package private(set) var value: ShownValue?
    package private(set) var stdout = CapturedText()
    package private(set) var stderr = CapturedText()
    package private(set) var conditions: [Condition] = []
    package private(set) var advice: [String] = []
    package let error: RunError?
    /// The bound that ended the run, where one did.
    package let limit: LimitName?
    /// What the run used; nil where there was none.
    package private(set) var usage: Usage?
    package private(set) var leftOut = LeftOut()
    package private(set) var storage: StorageProblem?
    package private(set) var transcript: Transcript?
    package let confinement: Confinement
    package let engine: Engine
    package private(set) var retryable: Bool
    /// The answer to a question that takes no run.
    package private(set) var answer: (question: Question, EncodedJSON)?

    /// What can be asked in place of a run; by the name of the field.
    package enum Question: String, Sendable, CaseIterable {
        case capabilities, selfTest
    }

    /// The envelope of a run.
    package init(
        requestID: String,
        record: RunRecord,
        stored: StoreOutcome,
        usage: Usage,
        engine: Engine
    ) {
        self.init(
            requestID: requestID,
            outcome: record.outcome,
            confinement: record.confinement,
            engine: engine
        )
        leftOut = record.leftOut
        for (index, reason) in stored.leftOut {
            leftOut.add(record.artifacts[index].name, because: reason)
        }
        let artifacts = zip(record.artifacts, stored.locations).enumerated()
            .filter { stored.leftOut[$0.offset] == nil }
            .map { StoredArtifact($0.element.0, at: $0.element.1) }
        charts = artifacts.filter(\.artifact.isChart)
        files = artifacts.filter { !$0.artifact.isChart }
        value = status == .completed ? record.report.value : nil
        stdout = record.stdout
        stderr = record.stderr
        conditions = record.report.conditions
        advice = record.report.advice
        self.usage = usage
        transcript = record.transcript
        storage = StorageProblem(stored)
        retryable = retryable || storage?.failure.isTransient == true
    }

    /// The envelope of a request for which R was not started.
    package init(requestID: String, rejection: Rejection, confinement: Confinement, engine: Engine)
    {
        self.init(
            requestID: requestID,
            outcome: .rejected(rejection),
            confinement: confinement,
            engine: engine
        )
    }

    /// The envelope of a question that takes no run.
    package init(
        requestID: String,
        answering question: Question,
        with answer: JSONValue,
        confinement: Confinement,
        engine: Engine
    ) {
        self.init(
            requestID: requestID,
            outcome: .completed,
            confinement: confinement,
            engine: engine
        )
        self.answer = (question, EncodedJSON(answer))
    }

    private init(
        requestID: String,
        outcome: Outcome,
        confinement: Confinement,
        engine: Engine
    ) {
        self.requestID = requestID
        self.confinement = confinement
        self.engine = engine
        status = outcome.status
        error = outcome.error
        limit = outcome.limit
        retryable = outcome.retryable
    }

    /// How many bytes the store has confirmed.
    package var storedBytes: Int64 {
        (charts + files).filter { $0.location != nil }
            .reduce(0) { $0 + Int64($1.artifact.content.byteCount) }
    }

    /// Returns the envelope's bytes, at most ``mostBytes`` of them; each part is encoded once.
    ///
    /// What does not fit is given up in the order of ``EnvelopeParts/Expendable``, and named in `truncated`.
    package func encoded() -> [UInt8] {
        var parts = EnvelopeParts(self)
        parts.shrink(to: Self.mostBytes)
        return parts.joined()
    }

    /// Lambda passes on 6 MiB and 100 bytes; what is held back is for a signature and for frames of others'.
    package static let mostBytes = (6 << 20) - (64 << 10)
}
