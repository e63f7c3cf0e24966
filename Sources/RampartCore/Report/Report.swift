/// What a worker said about its own run: a claim, bounded and checked, never believed about anything else.
package struct Report: Sendable, Hashable {
    package enum End: String, Sendable, CaseIterable {
        case completed, failed
    }

    /// A page of the harness's device, or a widget.
    package struct Chart: Sendable, Hashable {
        package let line: Int?
        /// In px; of a widget of a fixed size only.
        package var width: Int?
        package var height: Int?
        package var alt: String?
        package var description: ChartDescription?
    }

    /// Whether the script began.
    package private(set) var hasStarted = false
    package private(set) var conditions: [Condition] = []
    /// By the bytes of their names: a script chooses these, and what Unicode calls equal takes time to tell.
    package private(set) var charts: [[UInt8]: Chart] = [:]
    package private(set) var value: ShownValue?
    package private(set) var advice: [String] = []
    package private(set) var error: RunError?
    /// The limit that the error came from, where it was a refused allocation or process.
    package private(set) var refusedBy: LimitName?
    /// Nil where no end was reported, and so nothing is known to have completed.
    package private(set) var end: End?
    /// Whether the worker, as it aborted, was refused memory that a thread's stack takes.
    package private(set) var wasShortOfMemory = false

    package init() {}

    /// Takes one frame.
    package mutating func take(_ frame: ReportFrame) {
        switch frame {
        case .start: hasStarted = true
        case .condition(let condition): take(condition)
        case .chart(let name, let chart): take(chart, named: Array(name.utf8))
        case .value(let value): self.value = value
        case .error(let error, let limit) where end == nil:
            self.error = error
            refusedBy = limit
        case .end(let end) where self.end == nil: self.end = end
        case .description(let name, let alt, let description):
            charts[Array(name.utf8)]?.alt = alt
            charts[Array(name.utf8)]?.description = description
        case .advice(let sentence): take(advice: sentence)
        case .shortOfMemory: wasShortOfMemory = true
        case .source, .error, .end, .useless: break
        }
    }

    private mutating func take(_ condition: Condition) {
        // A repeated condition comes again with its count.
        if let count = condition.count, count > 1, let last = conditions.last,
            last.message.utf8.elementsEqual(condition.message.utf8)
        {
            conditions[conditions.count - 1] = condition
        } else if conditions.count < Self.mostConditions {
            conditions.append(condition)
        }
    }

    /// Takes a chart; the last one of a name counts.
    private mutating func take(_ chart: Chart, named name: [UInt8]) {
        guard charts.count < Self.mostCharts || charts[name] != nil else { return }
        charts[name] = chart
    }

    private mutating func take(advice sentence: String) {
        guard advice.count < Self.mostAdvice, !sentence.isEmpty else { return }
        advice.append(sentence)
    }

    // As the schema of the envelope has them.
    private static let mostConditions = 500
    private static let mostAdvice = 5
    /// As many as a deployment may keep artifacts.
    private static let mostCharts = 10_000
}
