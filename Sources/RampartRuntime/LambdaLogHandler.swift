import FoundationEssentials
package import Logging
package import RampartCore

/// Writes log lines in the two formats that Lambda knows, one line an event.
package struct LambdaLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let format: Settings.LogFormat
    private let write: @Sendable (String) -> Void

    /// Creates a handler that gives each line, without its end, to `write`.
    package init(
        level: Settings.LogLevel,
        format: Settings.LogFormat,
        write: @escaping @Sendable (String) -> Void
    ) {
        logLevel = Self.levels.first { $0.name == level }?.level ?? .info
        self.format = format
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, own in own }
        let level = Self.levels.last { $0.level <= event.level }?.name ?? .info
        switch format {
        case .json: write(Self.json(level, "\(event.message)", fields))
        case .text: write(Self.text(level, "\(event.message)", fields))
        }
    }

    private static func json(
        _ level: Settings.LogLevel,
        _ message: String,
        _ fields: Logger.Metadata
    ) -> String {
        var record = fields.mapValues { JSONValue.string("\($0)") }
        record["timestamp"] = .string(now)
        record["level"] = .string(level.rawValue.uppercased())
        record["message"] = .string(message)
        return String(decoding: JSONValue.object(record).encoded(), as: UTF8.self)
    }

    private static func text(
        _ level: Settings.LogLevel,
        _ message: String,
        _ fields: Logger.Metadata
    ) -> String {
        let pairs = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        // A line end would begin another event.
        return "\(now) [\(level.rawValue.uppercased())] \(message)\(pairs)"
            .map { $0.isNewline ? " " : String($0) }
            .joined()
    }

    /// RFC 3339, in UTC.
    private static var now: String { Date.now.formatted(timestampStyle) }

    static let timestampStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private static let levels: [(name: Settings.LogLevel, level: Logger.Level)] = [
        (.trace, .trace), (.debug, .debug), (.info, .info), (.warn, .warning), (.error, .error),
        (.fatal, .critical),
    ]
}
