package import RampartCore

/// Tries the confinement where it is called, with scripts that do what each layer is to refuse.
package struct Doctor {
    private let runner: any ScriptRunner
    private let limits: Limits

    package init(runner: any ScriptRunner, limits: Limits) {
        self.runner = runner
        self.limits = limits
    }

    /// Runs all probes, one after the other, until an instant at most.
    ///
    /// - Parameters:
    ///   - end: when they must be over.
    ///   - stop: ends them before.
    /// - Returns: what they found; a probe that had no time was not tried.
    /// - Throws: a ``Fault`` where a probe could not be run.
    package func examine(
        until end: ContinuousClock.Instant,
        stop: any RunStop = NeverStops()
    ) throws(Fault) -> DoctorReport {
        var seen: [Layer: (act: String, result: DoctorReport.Finding.Result, detail: String)] = [:]
        for probe in DoctorProbe.all {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { break }
            let (result, detail) = try run(probe, within: left, stop)
            seen[probe.layer] = (probe.act, result, detail)
        }
        let confinement = runner.confinement
        let findings = Layer.allCases.map { layer in
            DoctorReport.Finding(
                layer: layer,
                enforcement: confinement.layers[layer] ?? .off,
                act: seen[layer]?.act,
                result: seen[layer]?.result ?? .notTried,
                detail: seen[layer]?.detail ?? ""
            )
        }
        let packages = runner.installedPackages
        let capabilities = Capabilities(
            engine: runner.engine,
            packages: packages,
            limits: limits,
            confinement: confinement
        )
        return DoctorReport(
            findings: findings,
            capabilities: capabilities,
            missing: Self.commonPackages.filter { packages[$0] == nil }
                + Self.commonFonts.filter { !runner.engine.fonts.contains($0) }
        )
    }

    private func run(
        _ probe: DoctorProbe,
        within budget: Duration,
        _ stop: any RunStop
    ) throws(Fault) -> (DoctorReport.Finding.Result, detail: String) {
        let request = RunRequest(code: probe.code)
        var limits = limits
        limits.wallSeconds = min(limits.wallSeconds, Self.probeSeconds)
        let record = try runner.run(
            Job(request, inputs: [], limits: limits),
            on: Schedule(budget: budget),
            stop: stop
        )
        try runner.tidy(on: Schedule())
        let words = record.stdout.text.split(whereSeparator: \.isWhitespace)
        switch words.first {
        case "held": return (.held, "")
        case "reached": return (.reached, words.dropFirst().joined(separator: " "))
        default:
            let cause = record.outcome.error?.message ?? "the probe said nothing"
            return (.notTried, "\(record.outcome.status.rawValue): \(cause)")
        }
    }

    private static let probeSeconds = 5

    private static let commonPackages = [
        "ggplot2", "dplyr", "tidyr", "scales", "ragg", "svglite", "tidyverse", "patchwork",
        "data.table", "readr", "lubridate", "stringr", "forcats", "purrr", "plotly", "htmlwidgets",
    ]
    private static let commonFonts = [
        "DejaVu Sans", "Noto Sans", "Noto Sans CJK JP", "Noto Color Emoji", "Inter",
    ]
}
