/// The answer to one invocation; `docs/envelope.schema.json` has its shape.
package struct Envelope: Sendable {
    private var fields: [String: JSONValue]
    /// What the run used; nil where there was none.
    package private(set) var usage: Usage?

    /// The envelope of a run.
    package init(
        requestID: String,
        record: RunRecord,
        stored: StoreOutcome,
        usage: Usage,
        engine: Engine
    ) {
        let outcome = record.outcome
        self.init(
            requestID: requestID,
            outcome: outcome,
            confinement: record.confinement,
            engine: engine
        )
        var leftOut = record.leftOut
        for (index, reason) in stored.leftOut {
            leftOut.add(record.artifacts[index].name, because: reason)
        }
        let artifacts = zip(record.artifacts, stored.locations).enumerated()
            .filter { stored.leftOut[$0.offset] == nil }.map(\.element)
        fields["charts"] = .array(artifacts.filter { $0.0.isChart }.map { $0.0.json(at: $0.1) })
        fields["files"] = .array(artifacts.filter { !$0.0.isChart }.map { $0.0.json(at: $0.1) })
        fields["value"] = record.report.value
        fields["stdout"] = record.stdout.json
        fields["stderr"] = record.stderr.json
        fields["conditions"] = .array(record.report.conditions)
        fields["limit"] = Self.limit(outcome.limit, of: record)
        fields["usage"] = usage.json
        self.usage = usage
        fields["transcript"] = record.transcript?.json() ?? .null
        fields["leftOut"] = leftOut.json
        if let failure = stored.failure {
            fields["storage"] = Self.storage(failure, stored)
            let mayPass = outcome.retryable || failure.isTransient
            fields["retryable"] = .bool(mayPass)
        }
    }

    /// The envelope of a request for which R was not started.
    package init(requestID: String, rejection: Rejection, confinement: Confinement, engine: Engine)
    {
        self.init(
            requestID: requestID,
            outcome: .rejected(rejection),
            confinement: confinement,
            engine: engine
        )
    }

    /// The envelope of a question that takes no run.
    package init(
        requestID: String,
        answering name: String,
        with answer: JSONValue,
        confinement: Confinement,
        engine: Engine
    ) {
        self.init(
            requestID: requestID,
            outcome: .completed,
            confinement: confinement,
            engine: engine
        )
        fields[name] = answer
    }

    private init(
        requestID: String,
        outcome: Outcome,
        confinement: Confinement,
        engine: Engine
    ) {
        fields = [
            "version": 1,
            "requestId": .string(requestID),
            "status": .string(outcome.status.rawValue),
            "charts": [],
            "files": [],
            "value": .null,
            "stdout": CapturedText().json,
            "stderr": CapturedText().json,
            "conditions": [],
            "error": outcome.error,
            "limit": .null,
            "usage": Usage().json,
            "leftOut": LeftOut().json,
            "storage": .null,
            "transcript": .null,
            "confinement": confinement.json,
            "engine": engine.json,
            "retryable": .bool(outcome.retryable),
            "truncated": [],
        ]
    }

    package var status: Status {
        fields["status"]?.stringValue.flatMap(Status.init(rawValue:)) ?? .rejected
    }

    /// The bound that ended the run, where one did.
    package var limit: LimitName? {
        fields["limit"]?["name"]?.stringValue.flatMap(LimitName.init(rawValue:))
    }

    /// How many bytes the store has confirmed.
    package var storedBytes: Int64 {
        let artifacts = [fields["charts"], fields["files"]].flatMap { $0?.arrayValue ?? [] }
        return artifacts.filter { $0["location"] != .null }
            .reduce(0) { $0 + ($1["bytes"]?.integerValue ?? 0) }
    }

    package var json: JSONValue { .object(fields) }

    /// Returns the envelope's bytes, at most ``mostBytes`` of them.
    ///
    /// What does not fit is given up in the order of ``expendable``, little by little, and named in
    /// `truncated`.
    package func encoded() throws -> [UInt8] {
        var envelope = self
        var bytes = try envelope.json.encoded()
        var given: [JSONValue] = []
        for part in Self.expendable where bytes.count > Self.mostBytes {
            while bytes.count > Self.mostBytes,
                let less = part.cut(envelope.fields[part.field] ?? .null)
            {
                if given.last != .string(part.name) { given.append(.string(part.name)) }
                envelope.fields["truncated"] = .array(given)
                envelope.fields[part.field] = less
                bytes = try envelope.json.encoded()
            }
        }
        return bytes
    }

    /// Lambda passes on 6 MiB and 100 bytes; what is held back is for a signature and for frames of others'.
    package static let mostBytes = (6 << 20) - (64 << 10)

    /// What may be given up: the name that `truncated` has for it, its field, and what is left of that when
    /// some more is cut off; nil where there is no more.
    private struct Expendable: Sendable {
        let name: String
        let field: String
        let cut: @Sendable (JSONValue) -> JSONValue?

        init(
            _ name: String,
            in field: String? = nil,
            cut: @escaping @Sendable (JSONValue) -> JSONValue?
        ) {
            self.name = name
            self.field = field ?? name
            self.cut = cut
        }
    }

    private static let expendable = [
        Expendable("transcript") { $0 == .null ? nil : .null },
        Expendable("value", cut: withLessPreview),
        Expendable("conditions", cut: firstHalf),
        Expendable("descriptions", in: "charts", cut: withoutDescriptions),
        Expendable("stderr", cut: withHalfTheText), Expendable("stdout", cut: withHalfTheText),
    ]

    @Sendable private static func withLessPreview(_ value: JSONValue) -> JSONValue? {
        guard var fields = value.objectValue, let preview = fields["preview"], preview != []
        else { return nil }
        fields["preview"] = []
        fields["truncated"] = true
        return .object(fields)
    }

    @Sendable private static func firstHalf(_ list: JSONValue) -> JSONValue? {
        guard let elements = list.arrayValue, !elements.isEmpty else { return nil }
        return .array(Array(elements.prefix(elements.count / 2)))
    }

    @Sendable private static func withoutDescriptions(_ charts: JSONValue) -> JSONValue? {
        let descriptions = (charts.arrayValue ?? []).map { [$0["alt"], $0["description"]] }
        guard descriptions.joined().contains(where: { $0 != .null }) else { return nil }
        let bare = (charts.arrayValue ?? []).map { chart in
            (chart.objectValue ?? [:]).merging(["alt": .null, "description": .null]) { $1 }
        }
        return .array(bare.map(JSONValue.object))
    }

    @Sendable private static func withHalfTheText(_ stream: JSONValue) -> JSONValue? {
        guard let text = stream["text"]?.stringValue, !text.isEmpty else { return nil }
        let scalars = text.unicodeScalars
        let half = String(scalars.prefix(scalars.count / 2))
        return ["text": .string(half), "bytes": stream["bytes"] ?? 0, "truncated": true]
    }

    private static func limit(_ name: LimitName?, of record: RunRecord) -> JSONValue {
        guard let name else { return .null }
        return ["name": .string(name.rawValue)]
    }

    private static func storage(_ failure: StorageFailure, _ outcome: StoreOutcome) -> JSONValue {
        let stored = outcome.locations.count { $0 != nil }
        let failed = outcome.locations.count - stored - outcome.leftOut.count
        return [
            "code": .string(failure.code),
            "message": .string(failure.message),
            "bucket": JSONValue(failure.bucket),
            "key": JSONValue(failure.key),
            "stored": .integer(Int64(stored)),
            "failed": .integer(Int64(failed)),
        ]
    }
}
