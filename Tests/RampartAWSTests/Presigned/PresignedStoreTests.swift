import RampartCore
import Testing

@testable import RampartAWS

@Suite("The presigned store")
struct PresignedStoreTests {
    @Test func `sends the caller's headers and the bytes, and nothing else`() throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            let put = PresignedPut(
                url: "\(server.base)/b/k.png?X-Amz-Signature=secret&x=1",
                headers: [PresignedPut.Header(name: "Content-Type", value: "image/png")]
            )
            let outcome = store([put]).store([.make()], under: "unused/", until: .farAway)
            #expect(outcome.locations == [.url("\(server.base)/b/k.png")])
            let request = try #require(server.requests.first)
            #expect(request.line == "PUT /b/k.png?X-Amz-Signature=secret&x=1")
            #expect(request.headerNames == ["content-length", "content-type", "host"])
            #expect(request.headers["Content-Length"] == "7")
            #expect(request.body == Array("a chart".utf8))
        }
    }

    @Test func `uses the addresses in order and leaves out what has none`() {
        ScriptedServer.run(InTurn(.status(200))) { server in
            let puts = ["1", "2"].map { PresignedPut(url: "\(server.base)/\($0)") }
            let artifacts = ["a", "b", "c"].map { Artifact.make(name: $0, $0) }
            let outcome = store(puts).store(artifacts, under: "", until: .farAway)
            #expect(outcome.locations == [.url(puts[0].url), .url(puts[1].url), nil])
            #expect(outcome.failure == nil)
            #expect(outcome.leftOut == [2: .count])
            let bodies = Dictionary(
                uniqueKeysWithValues: server.requests.map { ($0.path, $0.body) }
            )
            #expect(bodies == ["/1": Array("a".utf8), "/2": Array("b".utf8)])
        }
    }

    @Test func `needs no address where there is nothing to store`() {
        let outcome = store([]).store([], under: "", until: .farAway)
        #expect(outcome == StoreOutcome(locations: []))
    }

    @Test func `follows no redirect`() {
        ScriptedServer.run(InTurn(.status(307, [HTTPHeader("Location", "/other")]))) { server in
            let put = PresignedPut(url: "\(server.base)/k")
            let outcome = store([put]).store([.make()], under: "", until: .farAway)
            #expect(outcome.locations == [nil])
            #expect(outcome.failure?.message.contains("redirect") == true)
            #expect(server.requests.map(\.target) == ["/k"])
        }
    }

    @Test func `repeats what passes`() {
        ScriptedServer.run(InTurn(.status(503), .hangUp, .status(200))) { server in
            let put = PresignedPut(url: "\(server.base)/k")
            let outcome = store([put]).store([.make()], under: "", until: .farAway)
            #expect(outcome.failure == nil)
            #expect(server.requests.count == 3)
        }
    }

    @Test(arguments: [(403, "AccessDenied"), (400, "ExpiredToken"), (404, "NoSuchBucket")])
    func `does not repeat a refusal, and keeps the address to itself`(
        status: Int,
        code: String
    ) throws {
        let refusal = ServerReaction.status(status, [], "<Error><Code>\(code)</Code></Error>")
        try ScriptedServer.run(InTurn(refusal)) { server in
            let put = PresignedPut(url: "\(server.base)/k?X-Amz-Signature=secret")
            let outcome = store([put]).store([.make()], under: "", until: .farAway)
            let failure = try #require(outcome.failure)
            #expect(failure.code == code)
            #expect(!failure.isTransient)
            #expect(failure.bucket == nil)
            #expect(!failure.message.contains("secret"))
            #expect(!failure.message.contains("127.0.0.1"))
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [
        (400, "BadDigest"), (400, "XAmzContentSHA256Mismatch"),
        (400, "XAmzContentChecksumMismatch"),
        (400, "InvalidDigest"), (400, "InvalidRequest"), (400, "EntityTooLarge"),
        (501, "NotImplemented"),
    ])
    func `does not ask for a fresh address where the bytes are refused`(
        status: Int,
        code: String
    ) throws {
        let refusal = ServerReaction.status(status, [], "<Error><Code>\(code)</Code></Error>")
        try ScriptedServer.run(InTurn(refusal)) { server in
            let put = PresignedPut(url: "\(server.base)/k")
            let outcome = store([put]).store([.make()], under: "", until: .farAway)
            let failure = try #require(outcome.failure)
            #expect(!failure.message.contains("fresh"))
            #expect(!failure.isTransient)
            #expect(server.requests.count == 1)
        }
    }

    private func store(_ puts: [PresignedPut]) -> PresignedStore {
        PresignedStore(puts, retries: .atOnce)
    }
}
