package import RampartCore

/// The life of one invocation between its arrival and its answer.
///
/// What the script did wrong is an envelope; what Rampart did wrong is thrown.
package struct Pipeline {
    private let runner: any ScriptRunner
    private let stores: any StoreProvider
    private let inputs: any InputSource
    private let settings: Settings
    private let stop: any RunStop

    /// - Parameters:
    ///   - runner: runs scripts.
    ///   - stores: gives the store that a request chooses.
    ///   - inputs: where a request's `s3` inputs come from.
    ///   - settings: the deployment's.
    ///   - stop: ends runs whose invocation has no stop of its own.
    package init(
        runner: any ScriptRunner,
        stores: any StoreProvider,
        inputs: any InputSource,
        settings: Settings,
        stop: any RunStop = NeverStops()
    ) {
        self.stop = stop
        self.runner = runner
        self.stores = stores
        self.inputs = inputs
        self.settings = settings
    }

    /// Returns when each step of an invocation that has just arrived must be over.
    package func schedule(for invocation: Invocation) -> Schedule {
        Schedule(deadline: invocation.deadline, reserve: settings.reserve)
    }

    /// Returns the invocation's envelope.
    ///
    /// - Throws: a ``Fault`` after which nobody knows how the script ended.
    package func answer(
        _ invocation: Invocation,
        on schedule: Schedule
    ) throws(Fault) -> Envelope {
        do {
            switch try EventDecoder(limits: settings.limits).decode(invocation.payload) {
            case .run(let request): return try run(request, for: invocation, on: schedule)
            case .capabilities: return capabilities(for: invocation)
            case .selfTest: return try selfTest(for: invocation, on: schedule)
            }
        } catch let rejection as Rejection {
            return rejected(rejection, invocation)
        } catch InputFailure.rejected(let rejection) {
            return rejected(rejection, invocation)
        } catch InputFailure.fault(let fault) {
            throw fault
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(.internalError, couldNot: "answer the invocation", cause: "\(error)")
        }
    }

    /// Returns the bytes that are posted: signed, where the deployment has a key.
    package func encoded(_ envelope: Envelope) -> [UInt8] {
        let bytes = envelope.encoded()
        return settings.signingKey.map { EnvelopeSigner(key: $0).signed(bytes) } ?? bytes
    }

    private func capabilities(for invocation: Invocation) -> Envelope {
        let capabilities = Capabilities(
            engine: runner.engine,
            packages: runner.installedPackages,
            limits: settings.limits,
            confinement: runner.confinement
        )
        return Envelope(
            requestID: invocation.requestID,
            answering: .capabilities,
            with: capabilities.json,
            confinement: runner.confinement,
            engine: runner.engine
        )
    }

    /// Runs the doctor's probes where the function is deployed.
    private func selfTest(
        for invocation: Invocation,
        on schedule: Schedule
    ) throws -> Envelope {
        guard settings.selfTest else {
            throw Rejection(
                at: "/selfTest",
                "is refused: this deployment has not set RAMPART_SELF_TEST=on"
            )
        }
        let report = try Doctor(runner: runner, limits: settings.limits).examine(
            until: schedule.script ?? Bound.selfTest.end(),
            stop: invocation.stop ?? stop
        )
        return Envelope(
            requestID: invocation.requestID,
            answering: .selfTest,
            with: report.json,
            confinement: runner.confinement,
            engine: runner.engine
        )
    }

    private func rejected(_ rejection: Rejection, _ invocation: Invocation) -> Envelope {
        Envelope(
            requestID: invocation.requestID,
            rejection: rejection,
            confinement: runner.confinement,
            engine: runner.engine
        )
    }

    private func run(
        _ request: RunRequest,
        for invocation: Invocation,
        on schedule: Schedule
    ) throws -> Envelope {
        let limits = settings.limits.lowered(by: request.limits)
        let store = try stores.store(for: request.store)
        let decoded = ContinuousClock.now

        let files = try fetch(request.inputs, until: schedule.inputs(from: decoded))
        let fetched = ContinuousClock.now

        guard Schedule.hasTime(for: .zero, before: schedule.script) else { throw Fault.noTimeLeft }
        let record = try runner.run(
            Job(request, inputs: files, limits: limits),
            on: schedule,
            stop: invocation.stop ?? stop
        )
        let collected = ContinuousClock.now

        let stored = store.store(
            record.artifacts,
            under: Self.prefix(request.store, invocation.requestID),
            until: schedule.storing(from: collected)
        )
        var usage = record.usage
        usage.phases.decode = schedule.arrival.duration(to: decoded)
        usage.phases.fetch = decoded.duration(to: fetched)
        usage.phases.store = collected.duration(to: .now)
        usage.wall = schedule.arrival.duration(to: .now)
        return Envelope(
            requestID: invocation.requestID,
            record: record,
            stored: stored,
            usage: usage,
            engine: runner.engine
        )
    }

    /// Returns the inputs' bytes, those in S3 fetched.
    private func fetch(
        _ wanted: [Input],
        until instant: ContinuousClock.Instant
    ) throws(InputFailure) -> [Job.File] {
        var objects: [(object: S3Object, pointer: String)] = []
        for (index, input) in wanted.enumerated() {
            if case .s3(let object) = input.source {
                objects.append((object, "/inputs/\(index)/s3"))
            }
        }
        var fetched: ArraySlice<[UInt8]> = []
        if !objects.isEmpty {
            fetched = try inputs.fetch(
                objects,
                atMost: settings.limits.fileMB << 20,
                until: instant
            )[...]
        }
        return wanted.map { input in
            switch input.source {
            case .bytes(let bytes): Job.File(name: input.name, bytes: bytes)
            case .s3: Job.File(name: input.name, bytes: fetched.popFirst() ?? [])
            }
        }
    }

    /// What comes before artifacts' names: what the request says, or else the request id as a folder.
    private static func prefix(_ choice: StoreChoice, _ requestID: String) -> String {
        if case .deployment(let prefix?) = choice { prefix } else { "\(requestID)/" }
    }
}
