import ArgumentParser
import RampartCore
import RampartSandbox

/// Where the program begins: as the Lambda runtime where the platform started it, else as a command.
@main
enum Main {
    static func main() {
        if !Environment.isShieldTried {
            Environment.rememberExecutable()
            HostShield.raise(executable: Environment.executable, arguments: CommandLine.arguments)
        }
        HostSignals.ignore()
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard !isBootstrap(arguments) else {
            LambdaCommand.main([])
            return
        }
        RampartCommand.main(arguments)
    }

    /// Lambda starts an image's `bootstrap` with the handler's name, which means nothing here.
    private static func isBootstrap(_ arguments: [String]) -> Bool {
        let name = CommandLine.arguments.first?.split(separator: "/").last ?? ""
        return name == "bootstrap"
            || (arguments.isEmpty && Environment.current["AWS_LAMBDA_RUNTIME_API"] != nil)
    }
}

/// All commands.
struct RampartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rampart",
        abstract: "Runs R that nobody has read, confined, and gives back its charts.",
        version: Engine.version,
        subcommands: [
            LambdaCommand.self, RunCommand.self, InvokeCommand.self, ServeCommand.self,
            DoctorCommand.self,
        ]
    )
}
