import RampartCore
import Testing

@testable import RampartRuntime

@Suite("The runtime loop")
struct RuntimeLoopTests {
    private let log = LineLog()

    @Test func `gives each invocation one answer, and tidies after each`() {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#, "{}", #"{"capabilities": true}"#)
        let runner = ScriptedRunner(.record(.make()))
        #expect(run(api, runner)?.kind == .api)
        #expect(
            api.calls == [
                .next, .respond(id: "id-1", status: "completed"), .next,
                .respond(id: "id-2", status: "rejected"),
                .next, .respond(id: "id-3", status: "completed"),
            ]
        )
        #expect(runner.jobs.count == 1)
        #expect(runner.tidied == 3)
    }

    @Test func `reports a fault in place of an answer, and goes on`() {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#, #"{"code": "x"}"#)
        let runner = ScriptedRunner(.fault(.make(.zygoteGone)), .record(.make()))
        #expect(run(api, runner)?.kind == .api)
        #expect(
            api.calls == [
                .next, .report(id: "id-1", .zygoteGone), .next,
                .respond(id: "id-2", status: "completed"),
            ]
        )
        #expect(runner.tidied == 2)
        #expect(log.lines.contains { $0.contains("Runtime.ZygoteGone") && $0.contains("id-1") })
    }

    @Test func `reports a deadline that is too near, and goes on`() {
        let near = Invocation(
            requestID: "near",
            payload: Array(#"{"code": "x"}"#.utf8),
            deadline: Deadline(at: .now)
        )
        let api = ScriptedRuntimeAPI([near, .make(#"{"code": "x"}"#)])
        let runner = ScriptedRunner(.record(.make()))
        #expect(run(api, runner)?.kind == .api)
        #expect(
            api.calls == [
                .next, .report(id: "near", .deadline), .next,
                .respond(id: "id-1", status: "completed"),
            ]
        )
    }

    @Test func `ends after a run that tainted the environment, once that is reported`() {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#, #"{"code": "x"}"#)
        let runner = ScriptedRunner(.fault(.make(.tainted)))
        #expect(run(api, runner) == .make(.tainted))
        #expect(api.calls == [.next, .report(id: "id-1", .tainted)])
    }

    @Test(arguments: [Fault.Kind.deadline, .answerRefused])
    func `goes on where the platform refuses one answer alone`(kind: Fault.Kind) {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#, #"{"code": "x"}"#)
        api.refusals[0] = .make(kind)
        let runner = ScriptedRunner(.record(.make()))
        #expect(run(api, runner)?.kind == .api)
        // Never a second post for one invocation.
        #expect(api.calls.map { $0 == .next } == [true, false, true, false])
        #expect(runner.tidied == 2)
        #expect(log.lines.contains { $0.contains(kind.rawValue) })
    }

    @Test(arguments: [Fault.Kind.deadline, .answerRefused])
    func `goes on where the platform refuses a report alone`(kind: Fault.Kind) {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#, #"{"code": "x"}"#)
        api.refusals[0] = .make(kind)
        let runner = ScriptedRunner(.fault(.make(.workerStart)), .record(.make()))
        #expect(run(api, runner)?.kind == .api)
        #expect(api.calls.last == .respond(id: "id-2", status: "completed"))
        #expect(runner.tidied == 2)
    }

    @Test(arguments: [Fault.Kind.api, .tainted])
    func `ends where the platform refuses more than one answer`(kind: Fault.Kind) {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#, #"{"code": "x"}"#)
        api.refusals[0] = .make(kind)
        #expect(run(api, ScriptedRunner(.record(.make()))) == .make(kind))
        #expect(api.calls.count == 2)
    }

    @Test func `ends where nothing can be run here any more`() {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#, #"{"code": "x"}"#)
        let runner = ScriptedRunner(.record(.make()))
        runner.tidyFault = .make(.zygoteStart)
        #expect(run(api, runner) == .make(.zygoteStart))
        #expect(api.calls == [.next, .respond(id: "id-1", status: "completed")])
    }

    @Test func `takes no further invocation once it is to stop, and answers the one it has`() {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#, #"{"code": "x"}"#)
        let runner = ScriptedRunner(.record(.make()))
        var isStopping = false
        runner.whileRunning = { isStopping = true }
        #expect(run(api, runner, isStopping: { isStopping }) == nil)
        #expect(api.calls == [.next, .respond(id: "id-1", status: "completed")])
    }

    @Test func `takes a call that the stop broke off for no fault`() {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#)
        api.refusals[0] = .make(.api)
        let runner = ScriptedRunner(.record(.make()))
        var isStopping = false
        runner.whileRunning = { isStopping = true }
        #expect(run(api, runner, isStopping: { isStopping }) == nil)
    }

    @Test func `says which invocation begins before it does anything for it`() {
        let api = ScriptedRuntimeAPI(#"{"code": "x"}"#)
        let runner = ScriptedRunner(.record(.make()))
        var order: [String] = []
        runner.whileRunning = { order.append("run") }
        _ = run(api, runner, beginning: { order.append($0.requestID) })
        #expect(order == ["id-1", "run"])
    }

    @Test(arguments: [false, true])
    func `logs code and text only where that is asked for`(logsScripts: Bool) {
        let api = ScriptedRuntimeAPI(#"{"code": "secret_code()"}"#)
        let runner = ScriptedRunner(.record(.make(stdout: "secret text")))
        _ = run(api, runner, logsScripts: logsScripts)
        let all = log.lines.joined()
        #expect(all.contains("secret_code") == logsScripts)
        #expect(all.contains("secret text") == logsScripts)
        #expect(all.contains("id-1"))
    }

    /// Runs the loop until it ends, and returns why; nil where it was to stop.
    private func run(
        _ api: ScriptedRuntimeAPI,
        _ runner: ScriptedRunner,
        logsScripts: Bool = false,
        isStopping: @escaping () -> Bool = { false },
        beginning: @escaping (Invocation) -> Void = { _ in }
    ) -> Fault? {
        let pipeline = Pipeline(
            runner: runner,
            stores: OneStore(RecordingStore()),
            inputs: KeyedInputs(),
            settings: Settings()
        )
        let loop = RuntimeLoop(
            from: api,
            pipeline: pipeline,
            runner: runner,
            log: log.logger(),
            logsScripts: logsScripts,
            isStopping: isStopping,
            beginning: beginning
        )
        do {
            try loop.run()
            return nil
        } catch {
            return error
        }
    }
}
