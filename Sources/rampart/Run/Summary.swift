import RampartCore

/// What a person reads of an envelope: what went wrong first, each thing once.
struct Summary {
    private let envelope: Envelope
    private let noise: ConsoleNoise

    init(_ envelope: Envelope) {
        self.envelope = envelope
        noise = ConsoleNoise(envelope)
    }

    var text: String {
        ([headline] + problems + artifacts + advice + conditions + output + [confinement])
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

    private var problems: [String] {
        var problems: [String] = []
        if let error = envelope.error {
            problems.append("error\(Self.place(error.line)): \(error.message)")
            // Innermost first, as one reads from the error on; but for the call that says the message itself.
            problems += error.traceback.reversed()
                .filter { !$0.call.contains(error.message) }
                .map { "  in \($0.call)\(Self.place($0.line))" }
            problems += error.hints.map { "hint: \($0)" }
        }
        if let storage = envelope.storage {
            problems.append("not stored: \(storage.failure.message)")
        }
        return problems
    }

    private var artifacts: [String] {
        envelope.charts.map { chart in
            let facts = [Self.size(of: chart.artifact), bytes(chart)].compactMap(\.self)
            return "chart  \(place(chart))  \(facts.joined(separator: ", "))"
        }
            + envelope.files.map { file in
                "file   \(place(file))  \(file.artifact.mediaType.rawValue), \(bytes(file))"
            }
            + envelope.leftOut.first.map { "left out  \($0.name)  (\($0.reason.rawValue))" }
    }

    private var advice: [String] { envelope.advice.map { "advice: \($0)" } }

    private var conditions: [String] {
        envelope.conditions.map {
            "\($0.kind.rawValue)\(Self.place($0.line)): \(Self.trimmed($0.message))"
        }
    }

    private var output: [String] {
        [("stdout", envelope.stdout.text), ("stderr", noise.untold(of: envelope.stderr.text))]
            .filter { !$0.1.isEmpty }
            .map { "\($0.0):\n\(indented($0.1))" }
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

    /// A chart's size in px; nil where it fills its window.
    private static func size(of chart: Artifact) -> String? {
        guard case .chart(let width?, let height?, _, _, _) = chart.role else { return nil }
        return "\(width) x \(height) px"
    }

    private static func place(_ line: Int?) -> String { line.map { " (line \($0))" } ?? "" }

    private static func trimmed(_ text: String) -> String {
        String(text.reversed().drop(while: \.isNewline).reversed())
    }

    private func place(_ artifact: StoredArtifact) -> String {
        if case .path(let path)? = artifact.location { path } else { artifact.artifact.name }
    }

    private func bytes(_ artifact: StoredArtifact) -> String {
        "\(artifact.artifact.content.byteCount) bytes"
    }

    private func indented(_ text: String) -> String {
        Self.trimmed(text).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "  \($0)" }
            .joined(separator: "\n")
    }
}
