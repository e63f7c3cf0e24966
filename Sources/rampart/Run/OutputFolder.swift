import RampartCore
import RampartSandbox

/// The folder of `rampart run`, which holds one run's charts and files at a time.
///
/// What an earlier run left there would pass for this one's, so it is removed, if nobody has changed it since; what
/// else looks like a chart stays, and is told of.
final class OutputFolder: ArtifactStore {
    /// Charts that lie in the folder and are no run's, as far as it is known.
    private(set) var strangers: [String] = []

    private let path: String
    private let fallback: String

    /// - Parameters:
    ///   - path: where charts and files go.
    ///   - fallback: where they go if the folder cannot be written after the run.
    init(_ path: String, fallback: String) {
        self.path = path.isEmpty ? "." : path
        self.fallback = fallback
    }

    /// Makes the folder and tries whether files can be written there.
    ///
    /// - Throws: a ``FileProblem`` that says why not.
    func prepare() throws {
        let trial = "\(path)/.rampart-\(RequestID.random())"
        do {
            try Files.makeFolder(path)
            try Files.write([], to: trial)
        } catch let problem as FileProblem {
            throw FileProblem(
                description:
                    "cannot write to \(path) (\(problem.cause)): name another with --output",
                cause: problem.cause
            )
        }
        Files.remove(trial)
    }

    func store(
        _ artifacts: [Artifact],
        under prefix: String,
        until instant: ContinuousClock.Instant
    ) -> StoreOutcome {
        let names = Set(artifacts.map(\.name))
        let record = OutputRecord(in: path)
        record.removeFiles(but: names)
        strangers = Files.list(path).filter { Self.isChartName($0) && !names.contains($0) }
        var outcome = FolderStore(path).store(artifacts, under: prefix, until: instant)
        let written = zip(artifacts, outcome.locations).filter { $0.1 != nil }.map(\.0)
        record.write(written)
        keepElsewhere(artifacts, &outcome)
        return outcome
    }

    /// Puts what the folder did not take into another one.
    private func keepElsewhere(_ artifacts: [Artifact], _ outcome: inout StoreOutcome) {
        guard let failure = outcome.failure else { return }
        let lost = artifacts.indices.filter { outcome.locations[$0] == nil }
        let kept = FolderStore(fallback).store(lost.map { artifacts[$0] }, under: "", until: .now)
        guard kept.locations.contains(where: { $0 != nil }) else { return }
        outcome.failure = StorageFailure(
            code: failure.code,
            message: "\(failure.message); what the run made is in \(fallback)",
            bucket: nil,
            key: failure.key,
            isTransient: false
        )
    }

    /// Whether a file has the name of a chart: `chart-001.png`.
    private static func isChartName(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        return parts.count == 2 && parts[0].hasPrefix("chart-")
            && parts[0].dropFirst("chart-".count).utf8.allSatisfy(ASCII.isDigit)
    }
}
