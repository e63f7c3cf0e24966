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
        let address = try ExitStatus.reporting { try Self.address(environment) }
        let settings: Settings
        let pool: Pool
        do {
            settings = try Settings(environment: environment)
            pool = try Self.start(settings)
        } catch {
            if StopSignal.isRaised { return }
            // The platform hands this to the first caller.
            try? RuntimeClient(
                address,
                settings: .runtimeAPI.interrupted(by: StopSignal.descriptor)
            ).reportInit(error)
            Terminal.complain("rampart: \(error)")
            throw ExitStatus.of(error)
        }
        let log = Self.log(settings)
        let registration = Self.register(environment, log)
        let loops = LambdaLoops(
            pool,
            settings: settings,
            address: address,
            log: log,
            meter: Self.meter(settings, environment)
        )
        do throws(Fault) {
            try withExtendedLifetime(registration) { () throws(Fault) in try loops.run() }
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

    private static func address(
        _ environment: [String: String]
    ) throws(Fault) -> RuntimeAddress {
        guard let address = environment["AWS_LAMBDA_RUNTIME_API"] else {
            let cause =
                "AWS_LAMBDA_RUNTIME_API is not set; to try an event here, use `rampart invoke`"
            throw Fault(.invalidConfiguration, couldNot: "find the Runtime API", cause: cause)
        }
        return try RuntimeAddress(address)
    }

    private static func start(_ settings: Settings) throws(Fault) -> Pool {
        try Host(settings: settings, ownsEnvironment: !isOnDesk).pool
    }

    /// Whether `rampart serve` started this runtime.
    private static var isOnDesk: Bool { Environment.current[Emulator.deskVariable] != nil }

    /// What writes a metric record after each invocation: a long line, which on a terminal is in the way unless
    /// somebody looks for it.
    private static func meter(
        _ settings: Settings,
        _ environment: [String: String]
    ) -> InvocationMeter? {
        guard !isOnDesk || [.trace, .debug].contains(settings.logLevel) else { return nil }
        return InvocationMeter(
            function: environment["AWS_LAMBDA_FUNCTION_NAME"] ?? "rampart",
            level: settings.logLevel,
            write: { Terminal.say($0) }
        )
    }

    private static func log(_ settings: Settings) -> Logger {
        Logger(label: "rampart") { _ in
            LambdaLogHandler(
                level: settings.logLevel,
                format: settings.logFormat,
                write: { Terminal.say($0) }
            )
        }
    }
}
