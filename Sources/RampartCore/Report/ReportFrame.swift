/// One frame of a report, typed and bounded where it is taken: nothing else of what a worker wrote goes further.
package enum ReportFrame: Sendable, Hashable {
    /// The words of `kind`; `docs/protocol.md` says what each frame holds.
    package enum Kind: String, Sendable, CaseIterable {
        case start, source, condition, chart, value, error, end, description, advice, short
    }

    /// The run is the script's from here on.
    case start
    case source(line: Int?, text: String)
    case condition(Condition)
    case chart(name: String, Report.Chart)
    case value(ShownValue?)
    case error(RunError, refusedBy: LimitName?)
    case end(Report.End)
    case description(name: String, alt: String?, ChartDescription?)
    case advice(String)
    /// The worker aborts, and was refused memory that a thread's stack takes.
    case shortOfMemory
    /// Of no kind that is known, or without what that kind needs.
    case useless

    package init(_ json: JSONValue) {
        self = Claim(json).flatMap(Self.init(claim:)) ?? .useless
    }

    private init?(claim: Claim) {
        guard let kind: Kind = claim.word("kind") else { return nil }
        let frame: ReportFrame? =
            switch kind {
            case .start: .start
            case .source:
                .source(
                    line: claim.positive("line"),
                    text: claim.text("text", most: Self.mostSourceBytes) ?? ""
                )
            case .condition: Condition(claim["condition"]).map(ReportFrame.condition)
            case .chart: Self.name(claim).map { .chart(name: $0, Report.Chart(claim)) }
            case .value: .value(ShownValue(claim["value"]))
            case .error: .error(RunError(reported: claim["error"]), refusedBy: Self.limit(claim))
            case .end: claim.word("status").map(ReportFrame.end)
            case .description: Self.description(claim)
            case .advice: claim.text("advice", most: Self.mostAdviceBytes).map(ReportFrame.advice)
            case .short: claim["of"]?.wordValue == LimitName.memory.rawValue ? .shortOfMemory : nil
            }
        guard let frame else { return nil }
        self = frame
    }

    private static func description(_ claim: Claim) -> ReportFrame? {
        guard let name = name(claim) else { return nil }
        return .description(
            name: name,
            alt: claim.text("alt", most: mostAltBytes),
            ChartDescription(claim["description"])
        )
    }

    /// Nil where it is longer than a file's name may be.
    private static func name(_ claim: Claim) -> String? {
        claim["name"]?.stringValue.flatMap { $0.utf8.count <= mostNameBytes ? $0 : nil }
    }

    /// The limits whose refusal R reports as an error; the others end the worker.
    private static func limit(_ claim: Claim) -> LimitName? {
        let limit: LimitName? = claim.word("limit")
        return limit == .memory || limit == .processes ? limit : nil
    }

    private static let mostNameBytes = 255
    private static let mostSourceBytes = 8192
    private static let mostAltBytes = 4096
    private static let mostAdviceBytes = 1024
}

extension Report.Chart {
    fileprivate init(_ claim: Claim) {
        self.init(
            line: claim.positive("line"),
            width: claim.positive("width", most: Self.mostPixels),
            height: claim.positive("height", most: Self.mostPixels)
        )
    }

    private static let mostPixels = 100_000
}
