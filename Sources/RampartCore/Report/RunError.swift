/// What ended a run before its end: the envelope's `error`.
package struct RunError: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case runtime, parse, limit, killed, request
    }

    /// One of the script's own frames.
    package struct Frame: Sendable, Hashable {
        package let call: String
        package let line: Int?
    }

    package var kind: Kind
    package let message: String
    /// Whether the message was cut.
    package private(set) var isCut = false
    package private(set) var classes: [String] = []
    package private(set) var call: String?
    package private(set) var line: Int?
    /// Innermost last.
    package private(set) var traceback: [Frame] = []
    package private(set) var hints: [String] = []
    /// Of a parse error: where parsing stopped, and that line.
    package private(set) var column: Int?
    package private(set) var source: String?
    /// Of kind `killed`: one of the two.
    package private(set) var signal: String?
    /// Of kind `runtime` as well, where the script called `quit()`.
    package private(set) var exitCode: Int32?
    /// Of kind `request`: the JSON pointer of the field.
    package private(set) var pointer: String?

    /// An error that the host words itself.
    init(
        _ kind: Kind,
        _ message: String,
        line: Int? = nil,
        signal: String? = nil,
        exitCode: Int32? = nil,
        pointer: String? = nil
    ) {
        self.kind = kind
        self.message = message.prefix(bytes: Self.mostMessageBytes)
        isCut = message.utf8.count > Self.mostMessageBytes
        self.line = line
        self.signal = signal
        self.exitCode = exitCode
        self.pointer = pointer?.prefix(bytes: Self.mostPointerBytes)
    }

    /// The error that a worker reported: of kind `runtime` unless it says `parse`.
    init(reported: JSONValue?) {
        let claim = Claim(reported)
        let isParse = claim?["kind"]?.wordValue == Kind.parse.rawValue
        let message = claim?["message"]?.stringValue ?? "R raised an error"
        kind = isParse ? .parse : .runtime
        self.message = message.prefix(bytes: Self.mostMessageBytes)
        guard let claim else { return }
        isCut = claim.isSet("truncated") || message.utf8.count > Self.mostMessageBytes
        classes = claim.texts("class", most: Self.mostClasses, of: Self.mostClassBytes)
        call = claim.text("call", most: Self.mostCallBytes)
        line = claim.positive("line")
        traceback = (claim["traceback"]?.arrayValue ?? []).suffix(Self.mostFrames)
            .compactMap(Self.frame)
        hints = claim.texts("hints", most: Self.mostHints, of: Self.mostHintBytes)
        if !isParse { exitCode = claim.exitCode("exitCode") }
        if isParse {
            column = claim.positive("column")
            source = claim.text("source", most: Self.mostMessageBytes)
        }
    }

    /// The error as that of an exceeded limit, which it came from.
    func ofLimit() -> RunError {
        var error = self
        error.kind = .limit
        error.column = nil
        error.source = nil
        return error
    }

    /// The error with one more hint before the others.
    func withFirstHint(_ hint: String) -> RunError {
        var error = self
        error.hints = Array(([hint] + hints).prefix(Self.mostHints))
        return error
    }

    /// Nil where it names no call.
    private static func frame(_ reported: JSONValue) -> Frame? {
        guard let claim = Claim(reported), let call = claim.text("call", most: mostCallBytes) else {
            return nil
        }
        return Frame(call: call, line: claim.positive("line"))
    }

    package var json: JSONValue {
        var fields: [String: JSONValue] = [
            "kind": .string(kind.rawValue),
            "message": .string(message),
            "class": JSONValue(classes),
            "call": JSONValue(call),
            "line": JSONValue(line),
            "column": JSONValue(column),
            "traceback": .array(
                traceback.map { ["call": .string($0.call), "line": JSONValue($0.line)] }
            ),
            "hints": JSONValue(hints),
        ]
        fields["source"] = source.map(JSONValue.string)
        fields["truncated"] = isCut ? true : nil
        fields["signal"] = signal.map(JSONValue.string)
        fields["exitCode"] = exitCode.map { .integer(Int64($0)) }
        fields["pointer"] = pointer.map(JSONValue.string)
        return .object(fields)
    }

    // What the schema of the envelope allows, or more than the harness ever sends.
    static let mostMessageBytes = 8192
    static let mostCallBytes = 1024
    /// A request can name a field of megabytes.
    private static let mostPointerBytes = 1024
    private static let mostClasses = 20
    private static let mostClassBytes = 256
    private static let mostFrames = 50
    private static let mostHints = 5
    private static let mostHintBytes = 2048
}
