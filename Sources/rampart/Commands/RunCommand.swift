import ArgumentParser
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
        help: ArgumentHelp(
            "A file for the script's working directory, as PATH or NAME=PATH; may be repeated.",
            valueName: "file"
        )
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
        let settings = try ExitStatus.reporting { try self.settings() }
        try refuse(event, settings)
        let folder = OutputFolder(output, fallback: "\(Environment.temporaryDirectory)/\(fallback)")
        try prepare(folder)
        let envelope = try ExitStatus.reportingUnlessStopped { () throws -> Envelope in
            try Host(settings: settings, store: folder).answer(event)
        } lastWords: {
            Terminal.complain("rampart: stopped; \(Self.kept($0, in: output))")
        }
        if json {
            Terminal.emit(envelope.encoded())
        } else {
            Terminal.say(Summary(envelope).text)
        }
        for name in folder.strangers {
            Terminal.complain("rampart: \(output)/\(name) is not of this run")
        }
        if let status = ExitStatus.of(envelope.status) { throw status }
        // The files are what the command is for.
        guard envelope.storage == nil else { throw ExitStatus.cannotCreate }
    }

    private func settings() throws(Fault) -> Settings {
        var settings = try Settings(environment: Environment.current)
        if let wall { settings.limits.wallSeconds = wall }
        return settings
    }

    /// Where results go that the output folder did not take.
    private var fallback: String { "rampart-\(RequestID.random().prefix(8))" }

    /// Refuses options that the pipeline would reject, before R is started for them.
    private func refuse(_ event: [UInt8], _ settings: Settings) throws {
        do {
            _ = try EventDecoder(limits: settings.limits).decode(event)
        } catch {
            guard let complaint = RunUsage.complaint(error, inputs: input) else { return }
            Terminal.complain("rampart: \(complaint)")
            throw ExitStatus.usage
        }
    }

    private func prepare(_ folder: OutputFolder) throws {
        do {
            try folder.prepare()
        } catch let problem as FileProblem {
            Terminal.complain("rampart: \(problem)")
            throw ExitStatus.cannotCreate
        }
    }

    /// Says which files a run left that was stopped.
    private static func kept(_ envelope: Envelope?, in folder: String) -> String {
        let artifacts = envelope.map { $0.charts + $0.files } ?? []
        let paths = artifacts.compactMap { artifact in
            if case .path(let path)? = artifact.location { path } else { String?.none }
        }
        return paths.isEmpty
            ? "nothing was kept in \(folder)" : "kept: \(paths.joined(separator: ", "))"
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
                "inputs": .array(
                    try input.map { try InputOption($0).field(atMost: Self.mostBytes) }
                ),
                "chart": .object(chart),
                "store": ["prefix": ""],
            ]
            return event.encoded()
        } catch let problem as FileProblem {
            Terminal.complain("rampart: \(problem)")
            throw ExitStatus.usage
        }
    }

    private static let mostBytes = 256 << 20
}
