/// One run, ready to start: a request with its inputs fetched and its limits settled.
package struct Job: Sendable, Hashable {
    package var code: String
    package var inputs: [File]
    package var chart: ChartOptions
    package var limits: Limits
    package var transcript: Bool
    package var seed: Int32?

    package struct File: Sendable, Hashable {
        package let name: String
        package let bytes: [UInt8]

        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    package init(_ request: RunRequest, inputs: [File], limits: Limits) {
        code = request.code
        self.inputs = inputs
        chart = request.chart
        self.limits = limits
        transcript = request.transcript
        seed = request.seed
    }

    /// How long a script that starts now may run: the limit, or less where the deadline comes before.
    package func wallTime(
        from now: ContinuousClock.Instant,
        until deadline: ContinuousClock.Instant?
    ) -> Duration {
        let limit = Duration.seconds(limits.wallSeconds)
        return deadline.map { max(.zero, min(limit, now.duration(to: $0))) } ?? limit
    }
}
