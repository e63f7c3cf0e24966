import Foundation
import Testing

@testable import RampartCore

/// A short walk in every run of the tests; `make fuzz` sets how many steps a long one has.
private let iterations =
    ProcessInfo.processInfo.environment["RAMPART_FUZZ_ITERATIONS"].flatMap { Int($0) } ?? 1000

@Suite("Fuzz: whatever arrives")
struct FuzzTests {
    @Test func `as an event is a request or a rejection that points at a field`() throws {
        let decoder = EventDecoder(limits: Limits())
        var taken = 0
        for seed in 0..<iterations {
            var input = HostileInput(seed: seed)
            let payload = input.event()
            do {
                try Self.check(decoder.decode(payload))
                taken += 1
            } catch let rejection as Rejection {
                try #require(
                    Self.isPointer(rejection.pointer),
                    "seed \(seed): \(rejection.pointer)"
                )
                try #require(!rejection.message.isEmpty, "seed \(seed)")
            }
        }
        // The walk is of no use where it never gets past the door, or always does.
        #expect(taken > iterations / 100)
        #expect(taken < iterations / 2)
    }

    @Test func `as a report makes an envelope that its caller can read`() throws {
        var ends = 0
        for seed in 0..<iterations {
            var input = HostileInput(seed: seed)
            let report = Self.read(input.report(), &input.random)
            if report.end != nil { ends += 1 }
            let outcome = Verdict.make(report: report).outcome
            let envelope = Envelope(
                requestID: "1",
                record: .make(outcome: outcome, report: report),
                stored: StoreOutcome(locations: []),
                usage: Usage(),
                engine: Engine()
            )
            let bytes = try envelope.encoded()
            try #require(bytes.count <= Envelope.mostBytes, "seed \(seed)")
            try #require(Self.isSound(JSONValue(parsing: bytes)), "seed \(seed)")
        }
        #expect(ends > iterations / 100)
    }

    @Test func `as a report means the same however it is cut into reads`() throws {
        for seed in 0..<iterations / 4 {
            var input = HostileInput(seed: seed)
            let bytes = input.report()
            var whole = ReportDecoder()
            var parts = ReportDecoder()
            let expected = whole.take(bytes)
            var frames: [JSONValue] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(1 + input.random.count(upTo: 40))
                frames += parts.take(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            try #require(frames == expected, "seed \(seed)")
            try #require(parts.isBroken == whole.isBroken, "seed \(seed)")
        }
    }

    private static func read(_ bytes: [UInt8], _ random: inout SeededGenerator) -> Report {
        var decoder = ReportDecoder()
        var report = Report()
        var transcript = Transcript()
        let cut = random.count(upTo: bytes.count)
        for part in [bytes[..<cut], bytes[cut...]] {
            for frame in decoder.take(Array(part)) {
                report.take(frame)
                transcript.take(frame)
            }
        }
        return report
    }

    /// Checks again what the decoder promises of a request.
    private static func check(_ event: Event) throws {
        guard case .run(let request) = event else { return }
        try #require((1...1 << 20).contains(request.code.utf8.count))
        try #require(request.inputs.count <= 32)
        try #require(request.inputs.allSatisfy { InputName.isValid($0.name) })
        try #require(request.chart.width * request.chart.height <= 40_000_000)
        try #require(
            (16...8192).contains(request.chart.width) && (16...8192).contains(request.chart.height)
        )
        try #require((1...25).contains(request.limits.wallSeconds ?? 1))
        try #require((16...1024).contains(request.limits.memoryMB ?? 16))
    }

    /// Whether it is a JSON pointer, as RFC 6901 writes its grammar.
    private static func isPointer(_ pointer: String) -> Bool {
        let scalars = Array(pointer.unicodeScalars)
        guard scalars.isEmpty || scalars[0] == "/" else { return false }
        return scalars.indices.allSatisfy { index in
            scalars[index] != "~"
                || (index + 1 < scalars.count && ["0", "1"].contains(scalars[index + 1]))
        }
    }

    /// Whether an envelope has the types of the contract where a script had a say.
    private static func isSound(_ envelope: JSONValue) -> Bool {
        let conditions = envelope["conditions"]?.arrayValue ?? []
        let error = envelope["error"] ?? .null
        return conditions.allSatisfy {
            $0["kind"]?.stringValue != nil && $0["message"]?.stringValue != nil
                && isText($0["call"]) && isLine($0["line"])
        }
            && (envelope["value"] == .null || envelope["value"]?.objectValue != nil)
            && (error == .null || error["message"]?.stringValue != nil)
            && (error == .null || isLine(error["line"]) && isText(error["call"]))
            && (error["traceback"]?.arrayValue ?? []).allSatisfy {
                isText($0["call"]) && isLine($0["line"])
            }
    }

    private static func isText(_ value: JSONValue?) -> Bool {
        value == .null || value?.stringValue != nil
    }

    private static func isLine(_ value: JSONValue?) -> Bool {
        value == .null || value?.integerValue != nil
    }
}
