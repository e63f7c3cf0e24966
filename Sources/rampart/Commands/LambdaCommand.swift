import ArgumentParser
import Logging
import RampartAWS
import RampartCore
import RampartRuntime
import RampartSandbox

/// `rampart lambda`: the Lambda runtime.
struct LambdaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lambda",
        abstract: "Answers invocations of the Lambda Runtime API until told to stop."
    )

    func run() throws {
        StopSignal.heed()
        let environment = Environment.current
        let client = try ExitStatus.reporting { try Self.client(environment) }
        let settings: Settings
        let host: Host
        do {
            settings = try Settings(environment: environment)
            host = try Self.start(settings)
        } catch {
            if StopSignal.isRaised { return }
            // The platform hands this to the first caller.
            try? client.reportInit(error)
            Terminal.complain("rampart: \(error)")
            throw ExitStatus.of(error)
        }
        let log = Self.log(settings)
        let registration = Self.register(environment, log)
        let loop = RuntimeLoop(
            api: client,
            pipeline: host.pipeline,
            runner: host.sandbox,
            log: log,
            logsScripts: settings.logsScripts,
            meter: InvocationMeter(
                function: environment["AWS_LAMBDA_FUNCTION_NAME"] ?? "rampart",
                level: settings.logLevel,
                write: Terminal.say
            ),
            isStopping: { StopSignal.isRaised },
            beginning: { Environment.set("_X_AMZN_TRACE_ID", to: $0.traceID) }
        )
        do throws(Fault) {
            try withExtendedLifetime(registration) { () throws(Fault) in try loop.run() }
        } catch {
            // The loop has logged it.
            throw ExitStatus.of(error)
        }
    }

    /// Registers for the SIGTERM that the platform sends to runtimes with an extension alone; without it, this
    /// one is killed instead.
    private static func register(
        _ environment: [String: String],
        _ log: Logger
    ) -> InternalExtension? {
        do {
            let address = try RuntimeAddress(environment["AWS_LAMBDA_RUNTIME_API"] ?? "")
            let registration = try InternalExtension(named: "rampart", at: address)
            try registration.beginWaiting()
            return registration
        } catch {
            log.debug("\(error)")
            return nil
        }
    }

    private static func client(_ environment: [String: String]) throws(Fault) -> RuntimeClient {
        guard let address = environment["AWS_LAMBDA_RUNTIME_API"] else {
            let cause =
                "AWS_LAMBDA_RUNTIME_API is not set; to try an event here, use `rampart invoke`"
            throw Fault(.invalidConfiguration, couldNot: "find the Runtime API", cause: cause)
        }
        return RuntimeClient(
            try RuntimeAddress(address),
            settings: .runtimeAPI.interrupted(by: StopSignal.descriptor)
        )
    }

    private static func start(_ settings: Settings) throws(Fault) -> Host {
        guard settings.maxConcurrency == 1 else {
            let cause = """
                AWS_LAMBDA_MAX_CONCURRENCY is \(settings.maxConcurrency), and Rampart runs one script at a \
                time: set the function's concurrency per environment to 1
                """
            throw Fault(.invalidConfiguration, couldNot: "start", cause: cause)
        }
        let isOnDesk = Environment.current[Emulator.deskVariable] != nil
        return try Host(settings: settings, ownsEnvironment: !isOnDesk)
    }

    private static func log(_ settings: Settings) -> Logger {
        Logger(label: "rampart") { _ in
            LambdaLogHandler(
                level: settings.logLevel,
                format: settings.logFormat,
                write: Terminal.say
            )
        }
    }
}
