import Testing

@testable import RampartCore

@Suite("A verdict")
struct VerdictTests {
    /// What is known of a run, and how the contract reads it.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let verdict: Verdict
        let status: Status
        let kind: String?
        let limit: LimitName?
        let retryable: Bool

        init(
            _ description: String,
            _ verdict: Verdict,
            _ status: Status,
            _ kind: String? = nil,
            _ limit: LimitName? = nil,
            retryable: Bool = false
        ) {
            testDescription = description
            self.verdict = verdict
            self.status = status
            self.kind = kind
            self.limit = limit
            self.retryable = retryable
        }
    }

    @Test(arguments: [
        Row("a script that ran to its end", .make(report: .completed), .completed),
        Row(
            "a worker killed while it described charts",
            .make(.signal(9), ending: .watchdog(.wall), report: .completed),
            .completed
        ),
        Row("a crash after the end", .make(.signal(11), report: .completed), .completed),
        Row(
            "an error in R",
            .make(report: .failed(["kind": "runtime", "message": "no"])),
            .failed,
            "runtime"
        ),
        Row(
            "code that does not parse",
            .make(report: .failed(["kind": "parse", "message": "no"])),
            .failed,
            "parse"
        ),
        Row(
            "an error that says nothing of itself",
            .make(report: .failed(nil)),
            .failed,
            "runtime"
        ),
        Row(
            "an error of a kind that is not the script's to give",
            .make(report: .failed(["kind": "limit", "message": "no"])),
            .failed,
            "runtime"
        ),
        Row(
            "the wall limit",
            .make(.signal(9), ending: .watchdog(.wall)),
            .exceeded,
            "limit",
            .wall
        ),
        Row(
            "the output limit",
            .make(.signal(9), ending: .watchdog(.output)),
            .exceeded,
            "limit",
            .output
        ),
        Row(
            "the wall limit, for which a dying worker lost the race",
            .make(.signal(24), ending: .watchdog(.wall)),
            .exceeded,
            "limit",
            .wall
        ),
        Row(
            "a host that was told to stop",
            .make(.signal(9), ending: .stopped(.shutdown), outOfMemory: true),
            .killed,
            "killed",
            retryable: true
        ),
        Row(
            "SIGXCPU with the CPU time spent",
            .make(.signal(24), cpu: .seconds(25)),
            .exceeded,
            "limit",
            .cpu
        ),
        Row(
            "SIGXCPU that the kernel's ticks brought a little early",
            .make(.signal(24), cpu: .seconds(20)),
            .exceeded,
            "limit",
            .cpu
        ),
        Row(
            "SIGXCPU that the script sent itself",
            .make(.signal(24), cpu: .milliseconds(19_999)),
            .killed,
            "killed"
        ),
        Row(
            "SIGKILL with the CPU time spent",
            .make(.signal(9), cpu: .seconds(25)),
            .exceeded,
            "limit",
            .cpu
        ),
        Row(
            "SIGKILL with the CPU time spent, and no memory either",
            .make(.signal(9), cpu: .seconds(26), outOfMemory: true),
            .exceeded,
            "limit",
            .cpu
        ),
        Row(
            "the kernel's out-of-memory killer",
            .make(.signal(9), outOfMemory: true),
            .exceeded,
            "limit",
            .memory
        ),
        Row(
            "a crash while others ran out of memory",
            .make(.signal(11), outOfMemory: true),
            .killed,
            "killed"
        ),
        Row(
            "SIGKILL from nobody we know",
            .make(.signal(9), cpu: .milliseconds(24_999)),
            .killed,
            "killed",
            retryable: true
        ),
        Row("a crash in native code", .make(.signal(11)), .killed, "killed"),
        Row("an abort", .make(.signal(6)), .killed, "killed"),
        Row(
            "an abort of what was refused memory",
            .make(.signal(6), report: .make(["kind": "short", "of": "memory"])),
            .exceeded,
            "limit",
            .memory
        ),
        Row(
            "a trap of what was refused a thread's stack",
            .make(
                .signal(5),
                report: .make(["kind": "short", "of": "memory"]),
                stderr: "Error creating thread: Resource temporarily unavailable"
            ),
            .exceeded,
            "limit",
            .memory
        ),
        Row(
            "a trap of what was refused a thread, with memory to spare",
            .make(
                .signal(5),
                stderr: "GLib-ERROR **: creating thread 'x': "
                    + "Error creating thread: Resource temporarily unavailable\n"
            ),
            .exceeded,
            "limit",
            .processes
        ),
        Row(
            "C++ that was refused more than it had",
            .make(
                .signal(6),
                grownBy: 512 << 20,
                stderr: "terminate called after throwing an instance of 'std::bad_alloc'\n"
            ),
            .exceeded,
            "limit",
            .memory
        ),
        Row(
            "an abort of what only spoke of memory",
            .make(.signal(6), grownBy: (512 << 20) - 1, stderr: "std::bad_alloc\n"),
            .killed,
            "killed"
        ),
        Row(
            "a crash of another kind in what spoke of memory",
            .make(
                .signal(11),
                report: .make(["kind": "short", "of": "memory"]),
                stderr: "std::bad_alloc"
            ),
            .killed,
            "killed"
        ),
        Row(
            "an abort of what was short of something else",
            .make(.signal(6), report: .make(["kind": "short", "of": "ideas"])),
            .killed,
            "killed"
        ),
        Row("_exit(0)", .make(.code(0)), .killed, "killed"),
        Row("_exit(3)", .make(.code(3)), .killed, "killed"),
        Row(
            "an error that was told without an end",
            .make(report: .make(["kind": "error", "error": ["message": "no"]])),
            .killed,
            "killed"
        ),
    ])
    func `reads the outcome off what is known`(row: Row) {
        let outcome = row.verdict.outcome
        #expect(outcome.status == row.status)
        #expect(outcome.error?.kind.rawValue == row.kind)
        #expect(outcome.limit == row.limit)
        #expect(outcome.retryable == row.retryable)
    }

    @Test(arguments: [("memory", LimitName.memory), ("processes", .processes)])
    func `calls an error that is a refused allocation or fork an exceeded limit`(
        name: String,
        limit: LimitName
    ) {
        let error: JSONValue = [
            "kind": "runtime", "message": "cannot allocate it", "line": 4, "call": "f(x)",
        ]
        let outcome = Verdict.make(report: .failed(error, limit: .string(name))).outcome
        #expect(outcome.status == .exceeded)
        #expect(outcome.limit == limit)
        #expect(outcome.error?.kind == .limit)
        #expect(outcome.error?.message == "cannot allocate it")
        #expect(outcome.error?.line == 4)
    }

    @Test(arguments: [JSONValue.null, "wall", "output", "Memory", 1, ["memory"]])
    func `is not misled by an error that only speaks of memory`(limit: JSONValue) {
        let error: JSONValue = ["message": "cannot allocate vector of size 1"]
        let outcome = Verdict.make(report: .failed(error, limit: limit)).outcome
        #expect(outcome.status == .failed)
        #expect(outcome.limit == nil)
    }

    @Test(arguments: [
        (LimitName.wall, "2 s", "wallSeconds"), (.cpu, "3 s", "cpuSeconds"),
        (.memory, "64 MB", "memoryMB"),
        (.output, "5 MB", ""), (.processes, "", ""),
    ])
    func `says the bound and what to do`(limit: LimitName, bound: String, field: String) {
        var own = Limits()
        own.outputMB = 5
        let requested = RequestedLimits(wallSeconds: 2, cpuSeconds: 3, memoryMB: 64)
        let message = message(for: limit, of: own.lowered(by: requested))
        #expect(message.contains(bound))
        #expect(message.contains(field))
    }

    @Test(arguments: LimitName.allCases)
    func `does not tell a request to raise a limit that is the deployment's`(limit: LimitName) {
        let same = RequestedLimits(wallSeconds: 25, cpuSeconds: 25, memoryMB: 1024)
        for requested in [RequestedLimits(), same] {
            let message = message(for: limit, of: Limits().lowered(by: requested))
            #expect(!message.isEmpty)
            #expect(!message.contains("raise"))
        }
    }

    @Test(arguments: LimitName.allCases)
    func `names the line that was running when a limit struck`(limit: LimitName) {
        let verdict = Verdict.make(.signal(9), ending: .watchdog(limit), line: 12)
        #expect(verdict.outcome.error?.message.contains("line 12 was running") == true)
        #expect(verdict.outcome.error?.line == 12)
        let unknown = Verdict.make(.signal(9), ending: .watchdog(limit))
        #expect(unknown.outcome.error?.message.contains("line") == false)
    }

    @Test(arguments: [
        "could not read: cannot allocate vector of size 8 Gb", "non-numeric argument",
    ])
    func `names the memory limit in an error that came after a refused allocation`(message: String)
    {
        let report = Report.failed(["kind": "runtime", "message": .string(message)])
        let refused = "Error in numeric(1e+09) : cannot allocate vector of size 7.5 Gb"
        let outcome = Verdict.make(report: report, stderr: refused).outcome
        #expect(outcome.status == .failed)
        #expect(
            outcome.error?.hints.first?.contains("memory limit lets the script grow by 1024 MB")
                == true
        )
        let other = Verdict.make(report: .failed(["kind": "runtime", "message": "no"])).outcome
        #expect(other.error?.hints.isEmpty == true)
    }

    private func message(for limit: LimitName, of limits: Limits) -> String {
        let verdict = Verdict.make(.signal(9), ending: .watchdog(limit), limits: limits)
        return verdict.outcome.error?.message ?? ""
    }

    @Test func `says that the invocation's time was over, where that came first`() {
        var limits = Limits()
        limits.wallSeconds = 25
        let cut = Verdict.make(
            .signal(9),
            ending: .watchdog(.wall),
            limits: limits,
            budget: .milliseconds(3270)
        ).outcome
        let message = cut.error?.message
        #expect(cut.limit == .wall)
        #expect(message?.contains("3.2 s that were left of the invocation's time") == true)
        #expect(message?.contains("the function's timeout") == true)
        #expect(message?.contains("25") == false)
        let whole = Verdict.make(
            .signal(9),
            ending: .watchdog(.wall),
            limits: limits,
            budget: .seconds(25)
        ).outcome
        #expect(whole.error?.message.contains("longer than 25 s") == true)
    }

    @Test func `names the signal or the exit code`() {
        let crash = Verdict.make(.signal(11)).outcome.error
        #expect(crash?.signal == "SIGSEGV")
        #expect(crash?.exitCode == nil)
        let unnamed = Verdict.make(.signal(64)).outcome.error
        #expect(unnamed?.signal == "signal 64")
        let quit = Verdict.make(.code(3)).outcome.error
        #expect(quit?.exitCode == 3)
        #expect(quit?.signal == nil)
    }

    @Test(arguments: [
        (Int32(0), WorkerExit.Status.code(0)), (3 << 8, .code(3)), (255 << 8, .code(255)),
        (9, .signal(9)),
        (11 | 0x80, .signal(11)), (24, .signal(24)),
    ])
    func `reads a wait status as wait4 gives it`(word: Int32, status: WorkerExit.Status) {
        #expect(WorkerExit.status(fromWait: word) == status)
    }
}

extension Report {
    fileprivate static let completed = Report.make(["kind": "end", "status": "completed"])

    fileprivate static func failed(_ error: JSONValue?, limit: JSONValue = .null) -> Report {
        var report = Report()
        if let error { report.take(["kind": "error", "error": error, "limit": limit]) }
        report.take(["kind": "end", "status": "failed"])
        return report
    }
}
