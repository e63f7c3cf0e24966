/// What a run used.
package struct Usage: Sendable, Hashable {
    package var wall = Duration.zero
    package var cpu = Duration.zero
    /// The peak resident size less its value before the script.
    package var peakMemoryBytes: Int64 = 0
    /// What it printed, and what it left in its scratch directory as far as that was looked at.
    package var bytesWritten: Int64 = 0
    package var phases = Phases()
    /// Whether the worker had been forked ahead of the request.
    ///
    /// Nil where it is not known. For the metrics
    /// alone.
    package var tookSpare: Bool?

    /// The parts of an invocation, in order.
    package struct Phases: Sendable, Hashable {
        package var decode = Duration.zero
        package var fetch = Duration.zero
        /// What the invocation waited for R to start; zero where it was there.
        package var start = Duration.zero
        package var run = Duration.zero
        package var collect = Duration.zero
        package var store = Duration.zero

        package init() {}
    }

    package init() {}

    package var json: JSONValue {
        [
            "wallMs": .integer(wall.milliseconds),
            "cpuMs": .integer(cpu.milliseconds),
            "peakMemoryBytes": .integer(peakMemoryBytes),
            "bytesWritten": .integer(bytesWritten),
            "phases": [
                "decodeMs": .integer(phases.decode.milliseconds),
                "fetchMs": .integer(phases.fetch.milliseconds),
                "startMs": .integer(phases.start.milliseconds),
                "runMs": .integer(phases.run.milliseconds),
                "collectMs": .integer(phases.collect.milliseconds),
                "storeMs": .integer(phases.store.milliseconds),
            ],
        ]
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
