import Logging
import RampartCore
import Synchronization

@testable import RampartRuntime

/// Keeps the lines of a log.
final class LineLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock(\.self) }

    /// Makes a logger that writes here.
    func logger(_ format: Settings.LogFormat = .json, level: Settings.LogLevel = .trace) -> Logger {
        Logger(label: "rampart") { _ in
            LambdaLogHandler(level: level, format: format) { line in
                self.kept.withLock { $0.append(line) }
            }
        }
    }
}
