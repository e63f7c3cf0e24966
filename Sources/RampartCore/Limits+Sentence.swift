extension Limits {
    /// Says in a sentence which bound was exceeded, and what to do.
    func sentence(for limit: LimitName) -> String {
        switch limit {
        case .wall:
            "the script ran longer than \(wallSeconds) s: make it do less" + raising(.wall)
        case .cpu:
            "the script used more than \(cpuSeconds) s of CPU time: make it do less" + raising(.cpu)
        case .memory:
            "the script grew by more than \(memoryMB) MB: use less data at once" + raising(.memory)
        case .output: "the script printed more than \(outputMB) MB: print less"
        case .processes: "the script started too many processes or threads: start none"
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
