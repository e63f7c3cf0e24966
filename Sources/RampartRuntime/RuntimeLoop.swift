package import Logging
package import RampartCore

/// Takes invocations from one transport, one by one, and gives each exactly one answer.
///
/// Several loops may share a runner, each on a thread and with a transport of its own.
package struct RuntimeLoop {
    private let transport: any InvocationTransport
    private let pipeline: Pipeline
    private let runner: any ScriptRunner
    private let log: Logger
    private let logsScripts: Bool
    private let meter: InvocationMeter?
    private let isStopping: () -> Bool
    private let aboutToAnswer: (Invocation) -> Void

    /// Creates a loop.
    ///
    /// - Parameters:
    ///   - transport: where invocations come from and answers go.
    ///   - pipeline: makes the answers.
    ///   - runner: tidies up after each.
    ///   - log: never gets what a script or a payload holds, but for `logsScripts`.
    ///   - logsScripts: whether code and text are logged.
    ///   - meter: gets a record of each invocation.
    ///   - isStopping: asked before each call of `next`, and after one that failed.
    ///   - beginning: called with each invocation before anything is done for it.
    package init(
        from transport: any InvocationTransport,
        pipeline: Pipeline,
        runner: any ScriptRunner,
        log: Logger,
        logsScripts: Bool = false,
        meter: InvocationMeter? = nil,
        isStopping: @escaping () -> Bool = { false },
        beginning: @escaping (Invocation) -> Void
    ) {
        self.transport = transport
        self.pipeline = pipeline
        self.runner = runner
        self.log = log
        self.logsScripts = logsScripts
        self.meter = meter
        self.isStopping = isStopping
        aboutToAnswer = beginning
    }

    /// Answers invocations until the process is to stop or the platform's own interface fails.
    ///
    /// - Throws: the ``Fault`` after which this environment is not to be used again.
    package func run() throws(Fault) {
        while !isStopping() {
            do {
                try answerNext()
            } catch {
                // A call that the stop broke off failed for that; a run that changed the environment did not.
                guard isStopping(), error.kind != .tainted else { throw error }
            }
        }
    }

    /// Takes the next invocation and posts exactly one answer to it.
    func answerNext() throws(Fault) {
        let invocation = try logging(log) { () throws(Fault) in try transport.next() }
        let arrival = ContinuousClock.now
        aboutToAnswer(invocation)
        let log = log(for: invocation)
        let schedule = pipeline.schedule(for: invocation)
        let answer = answer(to: invocation, on: schedule)
        var fault = answer.fault
        var answered: ContinuousClock.Instant?
        defer {
            let end = ContinuousClock.now
            meter?.record(
                invocation,
                envelope: answer.envelope,
                fault: fault,
                answering: arrival.duration(to: answered ?? end),
                tidying: (answered ?? end).duration(to: end)
            )
        }
        do {
            try post(answer, for: invocation, log)
        } catch {
            // What the platform has told this caller already leaves the environment well.
            let isOver = !Self.concernsOneAnswer.contains(error.kind)
            if fault != error { Self.write(error, isOver ? .critical : .error, to: log) }
            fault = error
            if isOver { throw error }
        }
        answered = .now
        if logsScripts { ScriptLog.write(invocation, answer.envelope, to: log) }
        // What is there is removed with the process.
        guard !isStopping() else { return }
        try logging(log) { () throws(Fault) in
            try runner.tidy(on: schedule)
        }
    }

    /// Logs the fault that ends the environment, but where it comes of a stop.
    private func logging<Result>(
        _ log: Logger,
        _ call: () throws(Fault) -> Result
    ) throws(Fault) -> Result {
        do {
            return try call()
        } catch {
            if !isStopping() { Self.write(error, .critical, to: log) }
            throw error
        }
    }

    private static func write(_ fault: Fault, _ level: Logger.Level, to log: Logger) {
        log.log(level: level, "\(fault)", metadata: ["errorType": "\(fault.errorType)"])
    }

    private func log(for invocation: Invocation) -> Logger {
        var log = log
        log[metadataKey: "requestId"] = "\(invocation.requestID)"
        if let tenant = invocation.tenantID { log[metadataKey: "tenantId"] = "\(tenant)" }
        return log
    }

    private func post(
        _ answer: Answer,
        for invocation: Invocation,
        _ log: Logger
    ) throws(Fault) {
        switch answer {
        case .envelope(let envelope, let bytes):
            try transport.respond(to: invocation.requestID, with: bytes)
            log.info("answered", metadata: ["status": "\(envelope.status.rawValue)"])
        case .fault(let fault):
            Self.write(fault, fault.kind == .tainted ? .critical : .error, to: log)
            try transport.report(fault, for: invocation.requestID)
            if fault.kind == .tainted { throw fault }
        }
    }

    /// Refusals of a post after which the next invocation may be taken: it came too late, or was too large.
    private static let concernsOneAnswer: Set<Fault.Kind> = [.deadline, .answerRefused]

    private func answer(to invocation: Invocation, on schedule: Schedule) -> Answer {
        do throws(Fault) {
            let envelope = try pipeline.answer(invocation, on: schedule)
            return .envelope(envelope, pipeline.encoded(envelope))
        } catch {
            return .fault(error)
        }
    }
}

/// What is posted to an invocation.
private enum Answer {
    case envelope(Envelope, [UInt8])
    case fault(Fault)

    var envelope: Envelope? { if case .envelope(let envelope, _) = self { envelope } else { nil } }
    var fault: Fault? { if case .fault(let fault) = self { fault } else { nil } }
}
