/// One run, ready to start: a request with its inputs fetched and its limits settled.
package struct Job: Sendable, Hashable {
    package var code: String
    package var inputs: [File]
    package var chart: ChartOptions
    package var limits: Limits
    package var transcript: Bool
    package var seed: Int32?
    /// What R may use of wall time: the least of the request's limit, the deployment's, and what is left
    /// until the deadline less the reserve.
    package var budget: Duration

    package struct File: Sendable, Hashable {
        package let name: String
        package let bytes: [UInt8]

        package init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    package init(_ request: RunRequest, inputs: [File], limits: Limits, budget: Duration) {
        code = request.code
        self.inputs = inputs
        chart = request.chart
        self.limits = limits
        transcript = request.transcript
        seed = request.seed
        self.budget = min(budget, .seconds(limits.wallSeconds))
    }
}
