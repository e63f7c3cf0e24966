import Glibc
import RampartCore
import RampartSandbox
import SystemPackage

/// AWS's Runtime Interface Emulator, started around a runtime.
///
/// It knows one function, `function`, starts the runtime at the first invocation, and fails if two
/// invocations come at once: a ``LineKeeper`` keeps them apart.
final class Emulator {
    /// Tells the runtime that the emulator starts that it shares the machine with others.
    static let deskVariable = "_RAMPART_DESK"

    /// Where it takes invocations, on the loopback interface.
    let port: UInt16

    private let child: ChildProgram

    /// Starts the emulator, and waits until it takes calls.
    ///
    /// - Parameters:
    ///   - program: the runtime that it starts.
    ///   - path: the emulator itself.
    /// - Throws: a ``Fault`` where it does not start.
    init(program: String, path: String) throws(Fault) {
        Environment.set(Self.deskVariable, to: "on")
        do {
            port = try LoopbackSocket.freePort()
            let runtimePort = try LoopbackSocket.freePort()
            child = try ChildProgram(
                path,
                arguments: [
                    "--log-level", "error",
                    "--runtime-interface-emulator-address", "127.0.0.1:\(port)",
                    "--runtime-api-address", "127.0.0.1:\(runtimePort)",
                    program,
                ]
            )
        } catch {
            throw Self.fault("\(error)")
        }
        try waitUntilItListens()
    }

    private func waitUntilItListens() throws(Fault) {
        let deadline = ContinuousClock.now + Self.startBound
        while (try? LoopbackSocket.connect(to: port)) == nil {
            guard isAlive else { throw Self.fault("it ended at once") }
            guard ContinuousClock.now < deadline else {
                throw Self.fault("it takes no call after \(Self.startBound)")
            }
            if StopSignal.isRaised { return }
            usleep(10_000)
        }
    }

    private static func fault(_ cause: String) -> Fault {
        Fault(.internalError, couldNot: "start AWS's emulator", cause: cause)
    }

    /// Whether it still runs.
    var isAlive: Bool { !child.hasDied }

    /// Finds the emulator: on the path, or where `make setup` puts it.
    static func find() throws(Fault) -> String {
        let folders = (Environment.current["PATH"] ?? "").split(separator: ":").map(String.init)
        let candidates =
            folders.map { "\($0)/\(name)" } + projectFolders.map { "\($0)/.tools/\(name)" }
        guard let found = candidates.first(where: Files.isExecutable) else {
            let cause = "\(name) is neither on the path nor in .tools: run `make setup`"
            throw Fault(.invalidConfiguration, couldNot: "find AWS's emulator", cause: cause)
        }
        return found
    }

    /// The folders above the program: one is the project's, where it was built there.
    private static var projectFolders: [String] {
        var parts = Environment.executable.split(separator: "/")
        var folders: [String] = []
        while !parts.isEmpty, folders.count < 6 {
            parts.removeLast()
            folders.append("/\(parts.joined(separator: "/"))")
        }
        return folders
    }

    private static let name = "aws-lambda-rie"
    private static let startBound = Duration.seconds(20)
}
