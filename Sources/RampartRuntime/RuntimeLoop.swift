package import Logging
package import RampartCore

/// Takes invocations one by one and gives each exactly one answer.
package struct RuntimeLoop {
    private let api: any RuntimeAPI
    private let pipeline: Pipeline
    private let runner: any ScriptRunner
    private let log: Logger
    private let aboutToAnswer: (Invocation) -> Void

    /// Creates a loop that calls `beginning` with each invocation before anything is done for it.
    package init(
        api: any RuntimeAPI,
        pipeline: Pipeline,
        runner: any ScriptRunner,
        log: Logger,
        beginning: @escaping (Invocation) -> Void
    ) {
        self.api = api
        self.pipeline = pipeline
        self.runner = runner
        self.log = log
        aboutToAnswer = beginning
    }

    /// Answers invocations until the platform's own interface fails.
    ///
    /// - Throws: the ``Fault`` after which this environment is not to be used again.
    package func run() throws(Fault) {
        while true { try answerNext() }
    }

    /// Takes the next invocation and posts exactly one answer to it.
    func answerNext() throws(Fault) {
        let invocation = try api.next()
        aboutToAnswer(invocation)
        var log = log
        log[metadataKey: "requestId"] = "\(invocation.requestID)"
        if let tenant = invocation.tenantID { log[metadataKey: "tenantId"] = "\(tenant)" }
        do {
            try post(answer(to: invocation), for: invocation, log)
        } catch where Self.concernsOneAnswer.contains(error.kind) {
            // The platform has told this caller already; the environment is well.
            log.error("\(error)", metadata: ["errorType": "\(error.errorType)"])
        }
        try runner.tidy()
    }

    private func post(
        _ answer: Result<(Envelope, [UInt8]), Fault>,
        for invocation: Invocation,
        _ log: Logger
    ) throws(Fault) {
        switch answer {
        case .success(let (envelope, bytes)):
            try api.respond(to: invocation.requestID, with: bytes)
            log.info("answered", metadata: ["status": "\(envelope.status.rawValue)"])
        case .failure(let fault):
            log.error("\(fault)", metadata: ["errorType": "\(fault.errorType)"])
            try api.report(fault, for: invocation.requestID)
            if fault.kind == .tainted { throw fault }
        }
    }

    /// Refusals of a post after which the next invocation may be taken: it came too late, or was too large.
    private static let concernsOneAnswer: Set<Fault.Kind> = [.deadline, .answerRefused]

    private func answer(to invocation: Invocation) -> Result<(Envelope, [UInt8]), Fault> {
        do {
            let envelope = try pipeline.answer(invocation)
            return .success((envelope, try pipeline.encoded(envelope)))
        } catch {
            return .failure(error)
        }
    }
}
