/// The bounds of one run, as the deployment sets them and a request may lower them.
package struct Limits: Sendable, Hashable {
    package var wallSeconds = 25
    package var cpuSeconds = 25
    /// Growth allowed to the worker, in MiB.
    package var memoryMB = 1024
    /// The largest file, in MiB.
    package var fileMB = 32
    /// All files together, and what the script may print, in MiB.
    package var outputMB = 128
    /// How many artifacts are kept.
    package var files = 64
    /// What is kept of stdout and of stderr, each, in KiB.
    package var textKB = 64
    /// Those that a request has set below the deployment's, and may raise.
    package private(set) var lowered: Set<LimitName> = []

    package init() {}

    /// Returns these limits lowered as the request asks.
    package func lowered(by requested: RequestedLimits) -> Limits {
        var limits = self
        if let wall = requested.wallSeconds, wall < wallSeconds { limits.lowered.insert(.wall) }
        if let cpu = requested.cpuSeconds, cpu < cpuSeconds { limits.lowered.insert(.cpu) }
        if let memory = requested.memoryMB, memory < memoryMB { limits.lowered.insert(.memory) }
        limits.wallSeconds = requested.wallSeconds ?? wallSeconds
        limits.cpuSeconds = requested.cpuSeconds ?? cpuSeconds
        limits.memoryMB = requested.memoryMB ?? memoryMB
        return limits
    }
}

/// The limits that a request sets; each is at most the deployment's.
package struct RequestedLimits: Sendable, Hashable {
    package var wallSeconds: Int?
    package var cpuSeconds: Int?
    package var memoryMB: Int?

    package init(wallSeconds: Int? = nil, cpuSeconds: Int? = nil, memoryMB: Int? = nil) {
        self.wallSeconds = wallSeconds
        self.cpuSeconds = cpuSeconds
        self.memoryMB = memoryMB
    }
}

/// A bound that a run can exceed, by the name that the envelope gives it.
package enum LimitName: String, Sendable, Hashable, CaseIterable {
    case wall, cpu, memory, output, processes
}
