import RampartCore

/// What a person reads of an envelope.
struct Summary {
    private let envelope: JSONValue

    init(_ envelope: JSONValue) { self.envelope = envelope }

    var text: String {
        ([headline] + artifacts + output + conditions + problems + [confinement])
            .filter { !$0.isEmpty }
            .map(Terminal.harmless)
            .joined(separator: "\n")
    }

    private var headline: String {
        let status = envelope["status"]?.stringValue ?? "unknown"
        let usage = envelope["usage"]
        let wall = usage?["wallMs"]?.integerValue ?? 0
        let cpu = usage?["cpuMs"]?.integerValue ?? 0
        let memory = (usage?["peakMemoryBytes"]?.integerValue ?? 0) >> 20
        return "\(status) in \(wall) ms, with \(cpu) ms of CPU time and \(memory) MiB of memory"
    }

    private var artifacts: [String] {
        list("charts").map { chart in
            let size = [chart["width"], chart["height"]].compactMap {
                $0?.integerValue.map(String.init)
            }
            return
                "chart  \(place(chart))  \(size.joined(separator: " x ")) px, \(bytes(chart)) bytes"
        }
            + list("files").map { file in
                "file   \(place(file))  \(file["mediaType"]?.stringValue ?? ""), \(bytes(file)) bytes"
            }
            + list("leftOut", "first").map { entry in
                "left out  \(entry["name"]?.stringValue ?? "")  (\(entry["reason"]?.stringValue ?? ""))"
            }
    }

    private var output: [String] {
        ["stdout", "stderr"].flatMap { stream -> [String] in
            let text = envelope[stream]?["text"]?.stringValue ?? ""
            guard !text.isEmpty else { return [] }
            let isCut = envelope[stream]?["truncated"]?.boolValue == true
            let end = isCut ? "\n  … cut" : ""
            return ["\(stream):\n\(indented(text))\(end)"]
        }
    }

    private var conditions: [String] {
        list("conditions").map { condition in
            let line = condition["line"]?.integerValue.map { " (line \($0))" } ?? ""
            let kind = condition["kind"]?.stringValue ?? "condition"
            return "\(kind)\(line): \(condition["message"]?.stringValue ?? "")"
        }
    }

    private var problems: [String] {
        var problems: [String] = []
        if let error = envelope["error"], error != .null {
            let line = error["line"]?.integerValue.map { " (line \($0))" } ?? ""
            problems.append("error\(line): \(error["message"]?.stringValue ?? "")")
            problems += (error["hints"]?.arrayValue ?? []).compactMap(\.stringValue).map {
                "hint: \($0)"
            }
        }
        if let storage = envelope["storage"], storage != .null {
            problems.append("not stored: \(storage["message"]?.stringValue ?? "")")
        }
        return problems
    }

    private var confinement: String {
        let layers = envelope["confinement"]?["layers"]?.objectValue ?? [:]
        let groups = Dictionary(grouping: layers.keys.sorted()) { layers[$0]?.stringValue ?? "off" }
        let parts = ["enforced", "watched", "unavailable", "off"].compactMap { state in
            groups[state].map { "\(state): \($0.joined(separator: ", "))" }
        }
        return "confinement  \(parts.joined(separator: "; "))"
    }

    private func list(_ names: String...) -> [JSONValue] {
        names.reduce(Optional(envelope)) { $0?[$1] }?.arrayValue ?? []
    }

    private func place(_ artifact: JSONValue) -> String {
        artifact["location"]?["path"]?.stringValue ?? artifact["name"]?.stringValue ?? ""
    }

    private func bytes(_ artifact: JSONValue) -> String {
        String(artifact["bytes"]?.integerValue ?? 0)
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "  \($0)" }
            .joined(separator: "\n")
    }
}
