/// What is known of a run when it is over, and the table that reads an ``Outcome`` off it.
package struct Verdict: Sendable {
    /// Who ended the worker.
    package enum Ending: Sendable, Hashable {
        /// It died without the host's doing.
        case itself
        /// The watchdog killed it for a bound.
        case watchdog(LimitName)
        /// The host killed it because it was asked to.
        case stopped(StopReason)
    }

    package let status: WorkerExit.Status
    /// What the script used, without what the worker had before it.
    package let usage: Usage
    package let ending: Ending
    package let report: Report
    package let stderr: CapturedText
    package let limits: Limits
    /// What the run was given of wall time; less than the limit where the invocation's deadline was near.
    package let budget: Duration
    /// Whether the kernel's out-of-memory killer struck during the run.
    package let outOfMemory: Bool
    /// Where the top-level expression that was running last begins; nil if the worker did not say.
    package let line: Int?

    package init(
        status: WorkerExit.Status,
        usage: Usage,
        ending: Ending,
        report: Report,
        stderr: CapturedText,
        limits: Limits,
        budget: Duration,
        outOfMemory: Bool,
        line: Int? = nil
    ) {
        self.status = status
        self.usage = usage
        self.ending = ending
        self.report = report
        self.stderr = stderr
        self.limits = limits
        self.budget = budget
        self.outOfMemory = outOfMemory
        self.line = line
    }

    /// The first rule that applies decides.
    ///
    /// The report's end comes first: what the host killed after it was only describing charts. The
    /// watchdog comes before the signals, for its SIGKILL looks like any other.
    package var outcome: Outcome {
        switch (report.end, ending, status) {
        case (.completed, _, _): .completed
        case (.failed, _, _): failed
        case (nil, .watchdog(let limit), _): exceeded(limit)
        case (nil, .stopped(let reason), _): stopped(reason)
        case (nil, _, .signal(Signal.xcpu)) where isNearlyAllSpent: exceeded(.cpu)
        case (nil, _, .signal(Signal.kill)) where usage.cpu >= .seconds(limits.cpuSeconds):
            exceeded(.cpu)
        case (nil, _, .signal(Signal.kill)) where outOfMemory: exceeded(.memory)
        case (nil, _, .signal(let number)) where Signal.aborts.contains(number):
            limitBehindAbort.map(exceeded) ?? killed(signal: number)
        case (nil, _, .signal(let number)): killed(signal: number)
        case (nil, _, .code(let code)): killed(exitCode: code)
        }
    }

    private var failed: Outcome {
        var error = report.error ?? RunError(reported: nil)
        if report.refusedBy == .memory || wasRefusedMemory(error) {
            error = error.withFirstHint(limits.memoryHint)
        }
        guard let limit = report.refusedBy else {
            return Outcome(status: .failed, error: error, limit: nil, retryable: false)
        }
        return Outcome(status: .exceeded, error: error.ofLimit(), limit: limit, retryable: false)
    }

    /// Whether an allocation was refused before an error of another kind: a script may catch the refusal, and fail of
    /// what it then lacks.
    private func wasRefusedMemory(_ error: RunError) -> Bool {
        Self.memoryRefusals.contains { error.message.contains($0) || stderr.text.contains($0) }
    }

    /// How R and C++ word a refused allocation.
    private static let memoryRefusals = [
        "cannot allocate vector", "cannot allocate memory block", "could not allocate memory",
        "memory exhausted",
        "bad_alloc",
    ]

    /// Whether a SIGXCPU can be the kernel's, which comes at the limit itself; a script can send itself one.
    ///
    /// The kernel counts ticks there, and a fifth is more than they are ever wrong by. Its SIGKILL comes a second
    /// later.
    private var isNearlyAllSpent: Bool { usage.cpu >= .seconds(limits.cpuSeconds) * 4 / 5 }

    /// What a library was refused when it gave up; nil where it did for another reason.
    private var limitBehindAbort: LimitName? {
        if report.wasShortOfMemory { return .memory }
        let limit = Self.lastWords.first { stderr.text.contains($0.words) }?.limit
        return limit == .memory && !hasGrown ? nil : limit
    }

    /// Whether the script came as far as half of its memory limit: anybody can print what a library does.
    private var hasGrown: Bool { usage.peakMemoryBytes >= Int64(limits.memoryMB) << 19 }

    /// What libraries print before they abort, where memory was not short any more.
    private static let lastWords: [(words: String, limit: LimitName)] = [
        ("std::bad_alloc", .memory),
        ("Error creating thread: Resource temporarily unavailable", .processes),
    ]

    private func exceeded(_ limit: LimitName) -> Outcome {
        let isCutByDeadline = limit == .wall && budget < .seconds(limits.wallSeconds)
        let sentence =
            isCutByDeadline ? sentence(for: budget) : limits.sentence(for: limit, at: line)
        return Outcome(
            status: .exceeded,
            error: RunError(.limit, sentence, line: line),
            limit: limit,
            retryable: false
        )
    }

    private func sentence(for budget: Duration) -> String {
        let seconds = "\(budget.milliseconds / 1000).\(budget.milliseconds % 1000 / 100)"
        let running = line.map { ", while line \($0) was running" } ?? ""
        return """
            the script ran longer than the \(seconds) s that were left of the invocation's time\(running): make it \
            do less, or raise the function's timeout
            """
    }

    private func stopped(_ reason: StopReason) -> Outcome {
        let sentence =
            switch reason {
            case .shutdown: "the environment was shut down before the script was over: try again"
            case .cancelled: "the run was cancelled before the script was over"
            }
        return Outcome(
            status: .killed,
            error: RunError(
                .killed,
                sentence,
                signal: Signal.name(Signal.kill)
            ),
            limit: nil,
            retryable: true
        )
    }

    private func killed(signal: Int32) -> Outcome {
        let name = Signal.name(signal)
        return Outcome(
            status: .killed,
            error: RunError(
                .killed,
                "the R process died of \(name) before the script was over",
                signal: name
            ),
            limit: nil,
            // Nothing of the script's own raises SIGKILL by accident: somebody else did.
            retryable: signal == Signal.kill
        )
    }

    private func killed(exitCode: Int32) -> Outcome {
        let message =
            "the R process exited with code \(exitCode) before the script was over: native code ended it"
        return Outcome(
            status: .killed,
            error: RunError(.killed, message, exitCode: exitCode),
            limit: nil,
            retryable: false
        )
    }
}
