import ArgumentParser
import RampartCore
import RampartRuntime

/// `rampart invoke`: one event, as Lambda would deliver it.
struct InvokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke",
        abstract: "Answers one event and prints the envelope, and nothing else, on stdout."
    )

    @Argument(help: "The event's file, or - for stdin.")
    var event = "-"

    func run() throws {
        let payload: [UInt8]
        do {
            payload = try Files.read(event, atMost: Self.mostBytes)
        } catch let problem as FileProblem {
            Terminal.complain("rampart: \(problem)")
            throw ExitStatus.usage
        }
        let (envelope, bytes) = try ExitStatus.reportingUnlessStopped {
            let host = try Host(settings: try Settings(environment: Environment.current))
            let envelope = try host.answer(payload)
            return (envelope, host.pipeline.encoded(envelope))
        }
        Terminal.emit(bytes)
        if let status = ExitStatus.of(envelope.status) { throw status }
    }

    /// Lambda's own limit for a payload.
    private static let mostBytes = 6_291_556
}
