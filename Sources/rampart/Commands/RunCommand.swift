import ArgumentParser
import FoundationEssentials
import RampartCore
import RampartRuntime
import RampartSandbox

/// `rampart run`: one local run through the same pipeline.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs one script here and puts its charts and files into a folder."
    )

    @Argument(help: "The R script.")
    var script: String

    @Option(
        parsing: .singleValue,
        help: "A file for the script's working directory; may be repeated."
    )
    var input: [String] = []

    @Option(help: "The folder that charts and files go to.")
    var output = "out"

    @Option(help: "What charts are drawn as: png, svg or pdf.")
    var format: String?

    @Option(help: "The charts' width in px.")
    var width: Int?

    @Option(help: "The charts' height in px.")
    var height: Int?

    @Option(help: "The charts' resolution in dots per inch.")
    var dpi: Int?

    @Option(help: "How many seconds the script may run.")
    var wall: Int?

    @Flag(help: "Print the envelope instead of a summary.")
    var json = false

    func validate() throws {
        guard (1...900).contains(wall ?? 1) else {
            throw ValidationError("--wall must be 1 to 900 seconds")
        }
    }

    func run() throws {
        let event = try event()
        let envelope = try ExitStatus.reportingUnlessStopped {
            var settings = try Settings(environment: Environment.current)
            if let wall { settings.limits.wallSeconds = wall }
            let host = try Host(settings: settings, store: FolderStore(output))
            return try host.answer(event)
        }
        if let complaint = Self.wrongUsage(envelope) {
            Terminal.complain("rampart: \(complaint)")
            throw ExitStatus.usage
        }
        if json {
            Terminal.emit(envelope.encoded())
        } else {
            Terminal.say(Summary(envelope).text)
        }
        if let status = ExitStatus.of(envelope.status) { throw status }
        // The files are what the command is for.
        guard envelope.storage == nil else { throw ExitStatus.fault }
    }

    /// What was asked for on the command line, as an event.
    private func event() throws -> [UInt8] {
        do {
            var chart: [String: JSONValue] = [:]
            chart["format"] = format.map(JSONValue.string)
            for (name, value) in [("width", width), ("height", height), ("dpi", dpi)] {
                if let value { chart[name] = .integer(Int64(value)) }
            }
            let bytes = try Files.read(script, atMost: Self.mostBytes)
            guard let code = String(validating: bytes, as: UTF8.self) else {
                Terminal.complain("rampart: \(script) is not UTF-8: save it as UTF-8 first")
                throw ExitStatus.badEvent
            }
            let event: JSONValue = [
                "code": .string(code),
                "inputs": .array(try input.map(Self.inputField)),
                "chart": .object(chart),
                "store": ["prefix": ""],
            ]
            return event.encoded()
        } catch let problem as FileProblem {
            Terminal.complain("rampart: \(problem)")
            throw ExitStatus.usage
        }
    }

    private static func inputField(_ path: String) throws -> JSONValue {
        let bytes = try Files.read(path, atMost: mostBytes)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return ["name": .string(name), "base64": .string(Data(bytes).base64EncodedString())]
    }

    /// What is wrong with the options, where an option is why the request was rejected; what the files hold
    /// is a bad event instead.
    private static func wrongUsage(_ envelope: Envelope) -> String? {
        guard let error = envelope.error, let pointer = error.pointer,
            pointer.hasPrefix("/chart") || pointer.hasPrefix("/limits")
        else { return nil }
        let option = pointer.split(separator: "/").last ?? "chart"
        return "--\(option)\(error.message.dropFirst(pointer.count))"
    }

    private static let mostBytes = 256 << 20
}
