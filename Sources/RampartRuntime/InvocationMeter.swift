import FoundationEssentials
package import RampartCore
import Synchronization

/// Writes one record an invocation in CloudWatch's embedded metric format; `docs/metrics.md` has its members.
///
/// A record goes past the log's level. Where Lambda itself filters lines by their level, one without a level
/// counts as INFO: so a record bears the level that just passes.
package final class InvocationMeter: Sendable {
    private let function: String
    private let level: Settings.LogLevel
    private let write: @Sendable (String) -> Void
    private let hasRecorded = Atomic(false)

    /// Creates a meter that gives each line, without its end, to `write`.
    ///
    /// - Parameters:
    ///   - function: the deployed function's name: the one dimension beside the status.
    ///   - level: the least level that Lambda lets pass.
    ///   - write: takes one line.
    package init(
        function: String,
        level: Settings.LogLevel,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.function = function
        self.level = Self.passing(level)
        self.write = write
    }

    /// Writes the record of one invocation; the first is the one of a cold start.
    ///
    /// - Parameters:
    ///   - invocation: which one.
    ///   - envelope: its answer; nil where there is none.
    ///   - fault: what went wrong, where something of Rampart's own or the platform's did.
    ///   - answering: from the event's arrival until its answer was out.
    ///   - tidying: from then until the next event was asked for.
    func record(
        _ invocation: Invocation,
        envelope: Envelope?,
        fault: Fault?,
        answering: Duration,
        tidying: Duration
    ) {
        let isCold = !hasRecorded.exchange(true, ordering: .relaxed)
        var record = MetricRecord()
        record.text["timestamp"] = Date.now.formatted(LambdaLogHandler.timestampStyle)
        record.text["level"] = level.rawValue.uppercased()
        record.text["requestId"] = invocation.requestID
        record.text["tenantId"] = invocation.tenantID
        record.text["FunctionName"] = function
        record.text["Status"] = envelope?.status.rawValue ?? "fault"
        record.text["Limit"] = envelope?.limit?.rawValue
        record.text["ErrorType"] = fault?.errorType
        record.text["Start"] = isCold ? "cold" : "warm"
        record.values = [
            .init("AnswerTime", .milliseconds, answering.fractionalMilliseconds),
            .init("TidyTime", .milliseconds, tidying.fractionalMilliseconds),
            .init("ColdStart", .count, isCold ? 1 : 0),
        ]
        if let usage = envelope?.usage {
            record.text["Spare"] = usage.tookSpare.map { $0 ? "hit" : "miss" }
            record.values += Self.values(of: usage)
            record.values.append(.init("BytesStored", .bytes, Double(envelope?.storedBytes ?? 0)))
        }
        write(record.line)
    }

    private static func values(of usage: Usage) -> [MetricRecord.Value] {
        let phases = usage.phases
        let times = [
            ("WallTime", usage.wall), ("CpuTime", usage.cpu), ("DecodeTime", phases.decode),
            ("FetchTime", phases.fetch), ("RunTime", phases.run), ("CollectTime", phases.collect),
            ("StoreTime", phases.store),
        ]
        var values = times.map {
            MetricRecord.Value($0.0, .milliseconds, $0.1.fractionalMilliseconds)
        }
        values.append(.init("PeakMemory", .bytes, Double(usage.peakMemoryBytes)))
        if let hit = usage.tookSpare { values.append(.init("SpareHit", .count, hit ? 1 : 0)) }
        return values
    }

    private static func passing(_ level: Settings.LogLevel) -> Settings.LogLevel {
        switch level {
        case .trace, .debug, .info: .info
        case .warn, .error, .fatal: level
        }
    }
}

extension Duration {
    /// Milliseconds, to the microsecond.
    fileprivate var fractionalMilliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds * 1_000_000 + attoseconds / 1_000_000_000_000) / 1000
    }
}
