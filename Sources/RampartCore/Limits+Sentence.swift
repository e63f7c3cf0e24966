extension Limits {
    /// Says in a sentence which limit was exceeded and by what, which line was running then, and what to do.
    func sentence(for limit: LimitName, at line: Int?) -> String {
        let running = line.map { ", while line \($0) was running" } ?? ""
        return "the script \(excess(of: limit))\(running): \(remedy(for: limit))\(raising(limit))"
    }

    /// Names the memory limit, for an error that came after an allocation was refused.
    var memoryHint: String {
        "The memory limit lets the script grow by \(memoryMB) MB: \(remedy(for: .memory))\(raising(.memory))."
    }

    private func excess(of limit: LimitName) -> String {
        switch limit {
        case .wall: "ran longer than \(wallSeconds) s, its wall-time limit"
        case .cpu: "used more than \(cpuSeconds) s of CPU time, its limit"
        case .memory: "grew by more than \(memoryMB) MB, its memory limit"
        case .output: "printed more than \(outputMB) MB, its output limit"
        case .processes: "started more processes or threads than its limit allows"
        }
    }

    private func remedy(for limit: LimitName) -> String {
        switch limit {
        case .wall, .cpu: "make it do less"
        case .memory: "use less data at once"
        case .output: "print less"
        case .processes: "start none"
        }
    }

    /// What a request can do besides; the deployment's own limits are not a request's to raise.
    private func raising(_ limit: LimitName) -> String {
        switch limit {
        case _ where !lowered.contains(limit): ""
        case .wall: ", or raise limits.wallSeconds"
        case .cpu: ", or raise limits.cpuSeconds"
        case .memory: ", or raise limits.memoryMB"
        case .output, .processes: ""
        }
    }
}
