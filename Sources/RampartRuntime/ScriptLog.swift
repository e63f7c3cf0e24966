import Logging
import RampartCore

/// What `RAMPART_LOG_SCRIPTS=on` adds to the log: one line with the code and with what the script said.
enum ScriptLog {
    /// Writes the line.
    ///
    /// - Parameters:
    ///   - invocation: whose payload has the code.
    ///   - envelope: its answer; nil where there is none.
    ///   - log: bears the request's id.
    static func write(_ invocation: Invocation, _ envelope: Envelope?, to log: Logger) {
        var metadata: Logger.Metadata = ["code": "\(bounded(code(in: invocation.payload)))"]
        let said = [
            "stdout": envelope?.stdout.text, "stderr": envelope?.stderr.text,
            "error": envelope?.error?.message,
        ]
        for (name, text) in said {
            if let text, !text.isEmpty { metadata[name] = "\(bounded(text))" }
        }
        log.info("script", metadata: metadata)
    }

    /// The code, or the payload itself where it is no request.
    private static func code(in payload: [UInt8]) -> String {
        (try? JSONValue(parsing: payload))?["code"]?.stringValue
            ?? String(decoding: payload.prefix(mostCharacters), as: UTF8.self)
    }

    private static func bounded(_ text: String) -> String {
        String(text.unicodeScalars.prefix(mostCharacters))
    }

    /// Of each text: CloudWatch takes 256 KB an event, escapes and all.
    private static let mostCharacters = 16 << 10
}
