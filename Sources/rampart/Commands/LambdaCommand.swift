import ArgumentParser
import Logging
import RampartAWS
import RampartCore
import RampartRuntime

/// `rampart lambda`: the Lambda runtime.
struct LambdaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lambda",
        abstract: "Answers invocations of the Lambda Runtime API until told to stop."
    )

    func run() throws {
        let environment = Environment.current
        let client = try ExitStatus.reporting { try Self.client(environment) }
        let settings: Settings
        let host: Host
        do {
            settings = try Settings(environment: environment)
            host = try Self.start(settings)
        } catch {
            // The platform hands this to the first caller.
            try? client.reportInit(error)
            Terminal.complain("rampart: \(error)")
            throw ExitStatus.of(error)
        }
        let loop = RuntimeLoop(
            api: client,
            pipeline: host.pipeline,
            runner: host.sandbox,
            log: Self.log(settings),
            beginning: { Environment.set("_X_AMZN_TRACE_ID", to: $0.traceID) }
        )
        try ExitStatus.reporting { try loop.run() }
    }

    private static func client(_ environment: [String: String]) throws(Fault) -> RuntimeClient {
        guard let address = environment["AWS_LAMBDA_RUNTIME_API"] else {
            let cause =
                "AWS_LAMBDA_RUNTIME_API is not set; to try an event here, use `rampart invoke`"
            throw Fault(.invalidConfiguration, couldNot: "find the Runtime API", cause: cause)
        }
        return RuntimeClient(try RuntimeAddress(address))
    }

    private static func start(_ settings: Settings) throws(Fault) -> Host {
        guard settings.maxConcurrency == 1 else {
            let cause = """
                AWS_LAMBDA_MAX_CONCURRENCY is \(settings.maxConcurrency), and Rampart runs one script at a \
                time: set the function's concurrency per environment to 1
                """
            throw Fault(.invalidConfiguration, couldNot: "start", cause: cause)
        }
        return try Host(settings: settings, hasTripwire: true)
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
