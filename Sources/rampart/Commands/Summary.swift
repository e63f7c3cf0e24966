import RampartCore

/// What a person reads of an envelope.
struct Summary {
    private let envelope: Envelope

    init(_ envelope: Envelope) { self.envelope = envelope }

    var text: String {
        ([headline] + artifacts + output + conditions + envelope.advice.map { "advice: \($0)" }
            + problems + [confinement])
            .filter { !$0.isEmpty }
            .map(Terminal.harmless)
            .joined(separator: "\n")
    }

    private var headline: String {
        let usage = envelope.usage ?? Usage()
        let memory = usage.peakMemoryBytes >> 20
        return """
            \(envelope.status.rawValue) in \(usage.wall.milliseconds) ms, with \(usage.cpu.milliseconds) ms of CPU \
            time and \(memory) MiB of memory
            """
    }

    private var artifacts: [String] {
        envelope.charts.map { chart in
            let size = Self.size(of: chart.artifact).map(String.init).joined(separator: " x ")
            return "chart  \(place(chart))  \(size) px, \(bytes(chart)) bytes"
        }
            + envelope.files.map { file in
                "file   \(place(file))  \(file.artifact.mediaType.rawValue), \(bytes(file)) bytes"
            }
            + envelope.leftOut.first.map { "left out  \($0.name)  (\($0.reason.rawValue))" }
    }

    private var output: [String] {
        [("stdout", envelope.stdout.text), ("stderr", envelope.stderr.text)]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0):\n\(indented($0.1))" }
    }

    private var conditions: [String] {
        envelope.conditions.map { "\($0.kind.rawValue)\(Self.place($0.line)): \($0.message)" }
    }

    private var problems: [String] {
        var problems: [String] = []
        if let error = envelope.error {
            problems.append("error\(Self.place(error.line)): \(error.message)")
            problems += error.hints.map { "hint: \($0)" }
        }
        if let storage = envelope.storage {
            problems.append("not stored: \(storage.failure.message)")
        }
        return problems
    }

    private var confinement: String {
        let layers = envelope.confinement.layers
        let groups = Dictionary(grouping: Layer.allCases.map(\.rawValue).sorted()) { name in
            Layer(rawValue: name).flatMap { layers[$0] }?.name ?? Enforcement.off.name
        }
        let parts = ["enforced", "watched", "unavailable", "off"].compactMap { state in
            groups[state].map { "\(state): \($0.joined(separator: ", "))" }
        }
        return "confinement  \(parts.joined(separator: "; "))"
    }

    private static func size(of chart: Artifact) -> [Int] {
        guard case .chart(let width, let height, _, _, _) = chart.role else { return [] }
        return [width, height].compactMap(\.self)
    }

    private static func place(_ line: Int?) -> String { line.map { " (line \($0))" } ?? "" }

    private func place(_ artifact: StoredArtifact) -> String {
        if case .path(let path)? = artifact.location { path } else { artifact.artifact.name }
    }

    private func bytes(_ artifact: StoredArtifact) -> String {
        String(artifact.artifact.content.byteCount)
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "  \($0)" }
            .joined(separator: "\n")
    }
}
