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
        let artifacts = zip(record.artifacts, stored.locations)
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
        var leftOut = record.leftOut
        leftOut.add(stored.leftOut)
        fields["leftOut"] = leftOut.json
        if let failure = stored.failure {
            fields["storage"] = Self.storage(failure, stored.locations)
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
    /// What does not fit is given up in the order of ``expendable``, and named in `truncated`.
    package func encoded() throws -> [UInt8] {
        var envelope = self
        var bytes = try envelope.json.encoded()
        var given: [JSONValue] = []
        for part in Self.expendable where bytes.count > Self.mostBytes {
            given.append(.string(part.name))
            envelope.fields[part.field] = part.cut(envelope.fields[part.field] ?? .null)
            envelope.fields["truncated"] = .array(given)
            bytes = try envelope.json.encoded()
        }
        return bytes
    }

    /// Lambda passes on 6 MiB and 100 bytes; what is held back is for a signature and for frames of others'.
    package static let mostBytes = (6 << 20) - (64 << 10)

    /// What may be given up: the name that `truncated` has for it, its field, and what is left of that.
    private struct Expendable: Sendable {
        let name: String
        let field: String
        let cut: @Sendable (JSONValue) -> JSONValue

        init(
            _ name: String,
            in field: String? = nil,
            cut: @escaping @Sendable (JSONValue) -> JSONValue
        ) {
            self.name = name
            self.field = field ?? name
            self.cut = cut
        }
    }

    private static let expendable = [
        Expendable("transcript") { _ in .null }, Expendable("value") { _ in .null },
        Expendable("conditions") { _ in [] },
        Expendable("descriptions", in: "charts", cut: withoutDescriptions),
        Expendable("stderr", cut: withoutText), Expendable("stdout", cut: withoutText),
    ]

    @Sendable private static func withoutDescriptions(_ charts: JSONValue) -> JSONValue {
        let bare = (charts.arrayValue ?? []).map { chart in
            (chart.objectValue ?? [:]).merging(["alt": .null, "description": .null]) { $1 }
        }
        return .array(bare.map(JSONValue.object))
    }

    @Sendable private static func withoutText(_ stream: JSONValue) -> JSONValue {
        ["text": "", "bytes": stream["bytes"] ?? 0, "truncated": true]
    }

    private static func limit(_ name: LimitName?, of record: RunRecord) -> JSONValue {
        guard let name else { return .null }
        return ["name": .string(name.rawValue)]
    }

    private static func storage(_ failure: StorageFailure, _ locations: [Location?]) -> JSONValue {
        let stored = locations.count { $0 != nil }
        return [
            "code": .string(failure.code),
            "message": .string(failure.message),
            "bucket": JSONValue(failure.bucket),
            "key": JSONValue(failure.key),
            "stored": .integer(Int64(stored)),
            "failed": .integer(Int64(locations.count - stored)),
        ]
    }
}
