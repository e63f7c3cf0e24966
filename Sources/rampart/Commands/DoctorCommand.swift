import ArgumentParser
import RampartCore
import RampartRuntime
import RampartSandbox

/// `rampart doctor`: tries the confinement on this very machine.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Tries what confines scripts on this machine, layer by layer, and says what is missing."
    )

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        let report = try ExitStatus.reportingUnlessStopped {
            var settings = try Settings(environment: Environment.current)
            // What does not hold is to be seen, not to be refused.
            settings.require = []
            let host = try Host(settings: settings)
            return try Doctor(runner: host.pool, limits: settings.limits).examine(
                until: Bound.selfTest.end(),
                stop: ProcessStop()
            )
        }
        if json {
            Terminal.emit(report.json.encoded())
        } else {
            Terminal.say(Self.text(report))
        }
        if !report.isSound { throw ExitStatus.failed }
    }

    private static func text(_ report: DoctorReport) -> String {
        let rows = report.findings.map { finding -> [String] in
            let errno: String =
                if case .unavailable(let name) = finding.enforcement { " (\(name))" } else { "" }
            return [
                finding.layer.rawValue,
                finding.enforcement.name + errno,
                finding.result.rawValue,
                [finding.act ?? "", finding.detail].filter { !$0.isEmpty }.joined(separator: ": "),
            ]
        }
        let table = Table(header: ["layer", "state", "probe", "tried"], rows: rows)
        let r = report.capabilities.engine.r ?? "unknown"
        let missing = report.missing.isEmpty ? "nothing" : report.missing.joined(separator: ", ")
        return """
            \(table.text)

            R \(r), \(report.capabilities.packages.count) packages, \
            \(report.capabilities.engine.fonts.count) font families
            missing: \(missing)
            \(report.isSound ? "Every layer that says it is enforced held." : "A layer that says it is enforced did not hold.")
            """
    }
}
