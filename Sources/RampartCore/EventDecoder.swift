import FoundationEssentials

/// Turns an invocation's payload into an ``Event``, or says which field is wrong.
package struct EventDecoder: Sendable {
    private let limits: Limits

    /// - Parameter limits: the deployment's own, which a request may only lower.
    package init(limits: Limits) { self.limits = limits }

    package func decode(_ payload: [UInt8]) throws(Rejection) -> Event {
        var event = try ObjectReader(document(payload), at: "")
        for (name, flag) in [("capabilities", Event.capabilities), ("selfTest", Event.selfTest)] {
            guard let isAsked = try event.bool(name) else { continue }
            guard isAsked else {
                throw Rejection(at: "/\(name)", "must be true where it is given")
            }
            try event.finish()
            return flag
        }
        let request = try runRequest(&event)
        try event.finish()
        return .run(request)
    }

    private func document(_ payload: [UInt8]) throws(Rejection) -> JSONValue {
        guard !payload.isEmpty else {
            throw Rejection(at: "", "the event is empty: send an object with a field \"code\"")
        }
        do {
            return try JSONValue(parsing: payload, nestedAtMost: Self.mostNesting)
        } catch is JSONValue.TooDeep {
            throw Rejection(at: "", "the event is nested deeper than \(Self.mostNesting) levels")
        } catch {
            throw Rejection(at: "", "the event is not valid JSON: \(error)")
        }
    }

    private func runRequest(_ event: inout ObjectReader) throws(Rejection) -> RunRequest {
        RunRequest(
            code: try code(&event),
            inputs: try inputs(&event),
            chart: try chart(&event),
            limits: try requestedLimits(&event),
            transcript: try event.bool("transcript") ?? false,
            store: try store(&event),
            seed: try event.integer("seed", in: Int(Int32.min)...Int(Int32.max)).map(Int32.init)
        )
    }

    private func code(_ event: inout ObjectReader) throws(Rejection) -> String {
        let code = try event.requiredString("code")
        guard (1...Self.mostCodeBytes).contains(code.utf8.count) else {
            let message = "must be 1 to \(Self.mostCodeBytes) bytes of R, not \(code.utf8.count)"
            throw Rejection(at: "/code", message)
        }
        guard !code.utf8.contains(0) else {
            throw Rejection(at: "/code", "holds a NUL character, which R source cannot")
        }
        return code
    }

    private func inputs(_ event: inout ObjectReader) throws(Rejection) -> [Input] {
        var inputs: [Input] = []
        var names: Set<String> = []
        let values = try event.array("inputs", most: Self.mostInputs) ?? []
        for (index, value) in values.enumerated() {
            let input = try input(value, at: "/inputs/\(index)")
            guard names.insert(InputName.folded(input.name)).inserted else {
                let message = "is another input's too: \(input.name); case does not count"
                throw Rejection(at: "/inputs/\(index)/name", message)
            }
            inputs.append(input)
        }
        return inputs
    }

    private func input(_ value: JSONValue, at pointer: String) throws(Rejection) -> Input {
        var fields = try ObjectReader(value, at: pointer)
        let name = try fields.requiredString("name")
        guard InputName.isValid(name) else {
            throw Rejection(at: "\(pointer)/name", InputName.rule)
        }
        let given = fields.present(of: ["text", "base64", "s3"])
        guard given.count == 1 else {
            let found = given.isEmpty ? "none" : given.joined(separator: " and ")
            let message = "must have exactly one of text, base64 and s3; it has \(found)"
            throw Rejection(at: pointer, message)
        }
        let source = try inputSource(&fields)
        try fields.finish()
        return Input(name: name, source: source)
    }

    private func inputSource(_ fields: inout ObjectReader) throws(Rejection) -> Input.Source {
        if let text = try fields.string("text") { return .bytes(Array(text.utf8)) }
        if let base64 = try fields.string("base64") {
            guard let bytes = Data(base64Encoded: base64) else {
                throw Rejection(at: fields.path("base64"), "is not valid base64 (RFC 4648, padded)")
            }
            return .bytes([UInt8](bytes))
        }
        guard var s3 = try fields.object("s3") else {
            throw Rejection(at: fields.pointer, "must have one of text, base64 and s3")
        }
        return .s3(try object(&s3))
    }

    private func object(_ s3: inout ObjectReader) throws(Rejection) -> S3Object {
        let object = S3Object(
            bucket: try s3.requiredString("bucket"),
            key: try s3.requiredString("key"),
            versionID: try s3.string("versionId"),
            etag: try s3.string("etag")
        )
        try s3.finish()
        guard S3Names.isBucket(object.bucket) else {
            throw Rejection(at: s3.path("bucket"), "must be \(S3Names.bucketRule)")
        }
        guard (1...S3Names.mostKeyBytes).contains(object.key.utf8.count) else {
            throw Rejection(at: s3.path("key"), "must be 1 to \(S3Names.mostKeyBytes) bytes")
        }
        return object
    }

    private func chart(_ event: inout ObjectReader) throws(Rejection) -> ChartOptions {
        var chart = ChartOptions()
        guard var fields = try event.object("chart") else { return chart }
        if let name = try fields.string("format") {
            guard let format = ChartOptions.Format(rawValue: name) else {
                throw Rejection(at: "/chart/format", "must be png, svg or pdf")
            }
            chart.format = format
        }
        let pixels = ChartOptions.pixelRange
        chart.width = try fields.integer("width", in: pixels, unit: " px") ?? chart.width
        chart.height = try fields.integer("height", in: pixels, unit: " px") ?? chart.height
        chart.dpi = try fields.integer("dpi", in: ChartOptions.dpiRange) ?? chart.dpi
        try fields.finish()
        guard chart.width * chart.height <= ChartOptions.mostPixels else {
            let message = "width times height is over 40 megapixels: lower one of them"
            throw Rejection(at: "/chart", message)
        }
        return chart
    }

    private func requestedLimits(_ event: inout ObjectReader) throws(Rejection) -> RequestedLimits {
        guard var fields = try event.object("limits") else { return RequestedLimits() }
        let requested = RequestedLimits(
            wallSeconds: try lowered(&fields, "wallSeconds", from: 1, to: limits.wallSeconds),
            cpuSeconds: try lowered(&fields, "cpuSeconds", from: 1, to: limits.cpuSeconds),
            memoryMB: try lowered(&fields, "memoryMB", from: 16, to: limits.memoryMB)
        )
        try fields.finish()
        return requested
    }

    private func lowered(
        _ fields: inout ObjectReader,
        _ name: String,
        from least: Int,
        to most: Int
    ) throws(Rejection) -> Int? {
        guard let value = try fields.integer(name, in: Int(Int32.min)...Int(Int32.max)) else {
            return nil
        }
        guard value >= least else {
            throw Rejection(at: fields.path(name), "must be at least \(least), not \(value)")
        }
        guard value <= most else {
            let message = "must be at most \(most), this deployment's own limit, not \(value)"
            throw Rejection(at: fields.path(name), message)
        }
        return value
    }

    private func store(_ event: inout ObjectReader) throws(Rejection) -> StoreChoice {
        guard var fields = try event.object("store") else { return .deployment(prefix: nil) }
        let given = fields.present(of: ["prefix", "inline", "put"])
        guard given.count <= 1 else {
            let message =
                "must have one of prefix, inline and put, not \(given.joined(separator: " and "))"
            throw Rejection(at: "/store", message)
        }
        let prefix = try fields.string("prefix")
        let inline = try fields.bool("inline")
        let put = try presignedPuts(&fields)
        try fields.finish()
        if let prefix, !S3Names.isPrefix(prefix) {
            throw Rejection(at: "/store/prefix", "must be \(S3Names.prefixRule)")
        }
        if let put { return .put(put) }
        return inline == true ? .inline : .deployment(prefix: prefix)
    }

    private func presignedPuts(
        _ fields: inout ObjectReader
    ) throws(Rejection) -> [PresignedPut]? {
        guard let values = try fields.array("put", most: Self.mostPuts) else { return nil }
        var puts: [PresignedPut] = []
        for (index, value) in values.enumerated() {
            var put = try ObjectReader(value, at: "/store/put/\(index)")
            let url = try put.requiredString("url")
            let headers = try put.object("headers")?.strings() ?? []
            try put.finish()
            puts.append(
                PresignedPut(
                    url: url,
                    headers: headers.map { PresignedPut.Header(name: $0.name, value: $0.value) }
                )
            )
        }
        return puts
    }

    private static let mostCodeBytes = 1 << 20
    private static let mostInputs = 32
    private static let mostPuts = 64
    private static let mostNesting = 32
}
