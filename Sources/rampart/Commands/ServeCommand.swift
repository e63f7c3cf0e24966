import ArgumentParser
import RampartAWS
import RampartCore
import RampartSandbox

/// `rampart serve`: AWS's emulator around this very program, for an SDK on this machine.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves a local endpoint that an AWS SDK reaches with endpoint_url."
    )

    @Option(help: "The port on the loopback interface; 0 takes a free one.")
    var port: UInt16 = 9000

    func run() throws {
        StopSignal.heed()
        try ExitStatus.reporting {
            _ = try Settings(environment: Environment.current)
            let emulator = try Emulator(program: Environment.executable, path: Emulator.find())
            let counter = try LineKeeper(port: port, emulator: emulator)
            let endpoint = "http://127.0.0.1:\(counter.port)"
            Terminal.say(
                """
                Rampart answers at \(endpoint)
                  boto3.client("lambda", endpoint_url="\(endpoint)", region_name="us-east-1")
                      .invoke(FunctionName="function", Payload=…)
                Ctrl-C ends it.
                """
            )
            try counter.serve()
        }
    }
}
