import Logging
import RampartCore
import Testing

@testable import RampartRuntime

@Suite("A log line")
struct LambdaLogHandlerTests {
    private let log = LineLog()

    @Test func `is one JSON object with Lambda's own members`() throws {
        var logger = log.logger(.json)
        logger[metadataKey: "requestId"] = "id-1"
        logger.warning("two\nlines \"quoted\"", metadata: ["errorType": "Runtime.Tainted"])
        let line = try #require(log.lines.first)
        #expect(!line.contains("\n"))
        let record = try JSONValue(parsing: Array(line.utf8))
        #expect(record["level"] == "WARN")
        #expect(record["message"] == "two\nlines \"quoted\"")
        #expect(record["requestId"] == "id-1")
        #expect(record["errorType"] == "Runtime.Tainted")
        let timestamp = try #require(record["timestamp"]?.stringValue)
        #expect(timestamp.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/) != nil)
    }

    @Test func `cannot have its own members replaced by metadata`() throws {
        log.logger(.json).error(
            "true",
            metadata: ["message": "forged", "level": "TRACE", "timestamp": "0"]
        )
        let record = try JSONValue(parsing: Array(try #require(log.lines.first).utf8))
        #expect(record["message"] == "true")
        #expect(record["level"] == "ERROR")
        #expect(record["timestamp"] != "0")
    }

    @Test(arguments: ["\n", "\r\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"])
    func `of text is one line whatever it says`(end: String) throws {
        log.logger(.text).info("one\(end)[ERROR] two", metadata: ["b": "x\(end)y", "a": "1"])
        let line = try #require(log.lines.first)
        #expect(line.wholeMatch(of: /\S+T\S+Z \[INFO\] one \[ERROR\] two a=1 b=x y/) != nil)
    }

    @Test(arguments: [
        (Logger.Level.trace, "TRACE"), (.debug, "DEBUG"), (.info, "INFO"), (.notice, "INFO"),
        (.warning, "WARN"),
        (.error, "ERROR"), (.critical, "FATAL"),
    ])
    func `bears Lambda's name for its level`(level: Logger.Level, name: String) throws {
        log.logger(.text).log(level: level, "x")
        #expect(log.lines.map { $0.drop { $0 != " " } } == [" [\(name)] x"])
    }

    @Test(arguments: [
        (Settings.LogLevel.trace, 7), (.debug, 6), (.info, 5), (.warn, 3), (.error, 2), (.fatal, 1),
    ])
    func `is written from the level that is set on`(level: Settings.LogLevel, count: Int) {
        let logger = log.logger(.text, level: level)
        for level in Logger.Level.allCases { logger.log(level: level, "x") }
        #expect(log.lines.count == count)
    }
}
