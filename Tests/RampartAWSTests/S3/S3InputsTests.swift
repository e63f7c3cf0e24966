import RampartCore
import Testing

@testable import RampartAWS

@Suite("Inputs from S3")
struct S3InputsTests {
    private let object = S3Object(bucket: "my-bucket", key: "uploads/sales.csv")

    @Test func `come in the order in which they were asked for`() throws {
        try ScriptedServer.run(EchoesThePath()) { server in
            let objects = (0..<20).map { number in
                (S3Object(bucket: "my-bucket", key: "k\(number)"), "/inputs/\(number)/s3")
            }
            let contents = try inputs(server).fetch(objects, atMost: 100, until: .farAway)
            let expected = (0..<20).map { Array("/my-bucket/k\($0)".utf8) }
            #expect(contents == expected)
        }
    }

    @Test func `may look like an error document`() throws {
        let body = "<Error><Code>SlowDown</Code></Error>"
        try ScriptedServer.run(InTurn(.status(200, [], body))) { server in
            let contents = try inputs(server).fetch([(object, "")], atMost: 100, until: .farAway)
            #expect(contents == [Array(body.utf8)])
        }
    }

    @Test(arguments: ["0123abc", "\"0123abc\""])
    func `are pinned to an ETag, with or without its quotes`(etag: String) throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            let pinned = S3Object(bucket: "my-bucket", key: "k", etag: etag)
            _ = try inputs(server).fetch([(pinned, "")], atMost: 10, until: .farAway)
            #expect(server.requests.first?.headers["If-Match"] == "\"0123abc\"")
        }
    }

    @Test(arguments: [
        (404, "NoSuchKey", "/key"), (404, "NoSuchBucket", "/bucket"),
        (404, "NoSuchVersion", "/versionId"), (400, "InvalidArgument", "/versionId"),
        (412, "PreconditionFailed", "/etag"), (403, "InvalidObjectState", "/key"),
    ])
    func `that are not there are the request's own doing`(
        status: Int,
        code: String,
        field: String
    ) throws {
        let refusal = ServerReaction.status(status, [], "<Error><Code>\(code)</Code></Error>")
        try ScriptedServer.run(InTurn(refusal)) { server in
            let versioned = S3Object(bucket: "my-bucket", key: "k", versionID: "v1")
            let failure = try failure(of: versioned, server)
            guard case .rejected(let rejection) = failure else {
                Issue.record("not rejected: \(failure)")
                return
            }
            #expect(rejection.pointer == "/inputs/0/s3\(field)")
            #expect(server.requests.count == 1)
        }
    }

    @Test func `come from a bucket of the account that the deployment names`() throws {
        let refusal = ServerReaction.status(403, [], "<Error><Code>AccessDenied</Code></Error>")
        try ScriptedServer.run(InTurn(.status(200), refusal)) { server in
            let owned = S3Inputs(
                client: try S3Client.make(server),
                buckets: ["my-bucket"],
                bucketOwner: "111122223333"
            )
            _ = try owned.fetch([(object, "")], atMost: 10, until: .farAway)
            let request = try #require(server.requests.first)
            #expect(request.headers["x-amz-expected-bucket-owner"] == "111122223333")
            let failure = #expect(throws: InputFailure.self) {
                try owned.fetch([(object, "")], atMost: 10, until: .farAway)
            }
            guard case .fault(let fault) = failure else {
                Issue.record("not a fault")
                return
            }
            #expect(fault.description.contains("RAMPART_BUCKET_OWNER"))
        }
    }

    @Test func `are not blamed for a version that was not asked for`() throws {
        let refusal = ServerReaction.status(400, [], "<Error><Code>InvalidArgument</Code></Error>")
        try ScriptedServer.run(InTurn(refusal)) { server in
            guard case .fault(let fault) = try failure(of: object, server) else {
                Issue.record("not a fault")
                return
            }
            #expect(fault.description.contains("InvalidArgument"))
        }
    }

    @Test func `that are refused are a fault that names the permission`() throws {
        let refusal = ServerReaction.status(403, [], "<Error><Code>AccessDenied</Code></Error>")
        try ScriptedServer.run(InTurn(refusal)) { server in
            for (version, permission) in [(nil, "s3:GetObject "), ("v1", "s3:GetObjectVersion ")] {
                let object = S3Object(bucket: "my-bucket", key: "k", versionID: version)
                guard case .fault(let fault) = try failure(of: object, server) else {
                    Issue.record("not a fault")
                    return
                }
                #expect(fault.kind == .inputRefused)
                #expect(fault.description.contains(permission))
                #expect(fault.description.contains("s3:ListBucket"))
            }
        }
    }

    @Test func `that the store cannot give for long are a fault`() throws {
        try ScriptedServer.run(InTurn(.status(503))) { server in
            guard case .fault(let fault) = try failure(of: object, server) else {
                Issue.record("not a fault")
                return
            }
            #expect(fault.kind == .inputRefused)
            #expect(server.requests.count == RetryPolicy.atOnce.mostAttempts)
        }
    }

    @Test func `are fetched again where they broke off`() throws {
        let half = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".utf8)
        try ScriptedServer.run(InTurn(.resetAfter(half), .status(200, [], "whole"))) { server in
            let contents = try inputs(server).fetch([(object, "")], atMost: 10, until: .farAway)
            #expect(contents == [Array("whole".utf8)])
        }
    }

    @Test func `may be as large as the limit and no larger`() throws {
        try ScriptedServer.run(InTurn(.status(200, [], "12345"), .status(200, [], "123456"))) {
            server in
            let inputs = try inputs(server)
            let contents = try inputs.fetch([(object, "")], atMost: 5, until: .farAway)
            #expect(contents == [Array("12345".utf8)])
            let failure = #expect(throws: InputFailure.self) {
                try inputs.fetch([(object, "/inputs/0/s3")], atMost: 5, until: .farAway)
            }
            guard case .rejected(let rejection) = failure else {
                Issue.record("not rejected")
                return
            }
            #expect(rejection.pointer == "/inputs/0/s3/key")
            #expect(rejection.message.contains("5 bytes"))
        }
    }

    @Test func `come only from the buckets that are allowed, and nothing else is asked for`() {
        ScriptedServer.run(InTurn(.status(200))) { server in
            let other = S3Object(bucket: "other-bucket", key: "k")
            let failure = #expect(throws: InputFailure.self) {
                try inputs(server).fetch(
                    [(object, "/inputs/0/s3"), (other, "/inputs/1/s3")],
                    atMost: 5,
                    until: .farAway
                )
            }
            guard case .rejected(let rejection) = failure else {
                Issue.record("not rejected")
                return
            }
            #expect(rejection.pointer == "/inputs/1/s3/bucket")
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: ["a\r\nX-Evil: 1", "", "ü"])
    func `are rejected with an ETag that is none`(etag: String) {
        let object = S3Object(bucket: "b", key: "k", etag: etag)
        let rejection = InputRules.rejection(of: object, at: "/i", buckets: ["b"])
        #expect(rejection?.pointer == "/i/etag")
    }

    private func inputs(_ server: ScriptedServer) throws -> S3Inputs {
        S3Inputs(client: try S3Client.make(server), buckets: ["my-bucket"])
    }

    private func failure(of object: S3Object, _ server: ScriptedServer) throws -> InputFailure {
        let inputs = try inputs(server)
        let failure = #expect(throws: InputFailure.self) {
            try inputs.fetch([(object, "/inputs/0/s3")], atMost: 5, until: .farAway)
        }
        return try #require(failure)
    }
}

/// Gives the path that was asked for.
private struct EchoesThePath: ServerBehaviour {
    func reaction(to request: RecordedRequest, number: Int) -> ServerReaction {
        .status(200, [], request.path)
    }
}
