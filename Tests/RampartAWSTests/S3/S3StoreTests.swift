import Foundation
import RampartCore
import Testing

@testable import RampartAWS

@Suite("The S3 store")
struct S3StoreTests {
    private let page = Artifact.make(name: "chart-002.html", "<html>", type: .html)

    @Test func `names each artifact by prefix, request's prefix and name`() throws {
        let tagged = ServerReaction.status(200, [HTTPHeader("ETag", "\"9a0364b9\"")])
        try ScriptedServer.run(InTurn(tagged)) { server in
            let outcome = try store(server).store([.make(), page], under: "r/42/", until: .farAway)
            let keys = ["charts/r/42/chart-001.png", "charts/r/42/chart-002.html"]
            #expect(
                outcome.locations
                    == keys.map { .s3(bucket: "my-bucket", key: $0, etag: "9a0364b9") }
            )
            #expect(outcome.failure == nil)
            #expect(Set(server.requests.map(\.target)) == Set(keys.map { "/my-bucket/\($0)" }))
        }
    }

    @Test func `sends what S3 and a browser are to know of an artifact`() throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            _ = try store(server).store([page], under: "", until: .farAway)
            let request = try #require(server.requests.first)
            #expect(request.body == Array("<html>".utf8))
            #expect(request.headers["Content-Length"] == "6")
            #expect(request.headers["Content-Type"] == "text/html")
            let disposition = "attachment; filename=\"chart-002.html\""
            #expect(request.headers["Content-Disposition"] == disposition)
            #expect(request.headers["Cache-Control"] == "private, no-cache")
            #expect(request.headers["x-amz-content-sha256"] == page.sha256)
            let checksum = try #require(ObjectHeaders.base64(ofHex: page.sha256))
            #expect(request.headers["x-amz-checksum-sha256"] == checksum)
            #expect(request.headers["x-amz-expected-bucket-owner"] == nil)
            #expect(request.headers["Expect"] == nil)
        }
    }

    @Test func `sends a pause of the store's again until it is stored`() throws {
        let slow = ServerReaction.status(503, [], "<Error><Code>SlowDown</Code></Error>")
        try ScriptedServer.run(InTurn(.status(500), slow, .status(500), .status(200))) { server in
            let outcome = try store(server).store([.make()], under: "", until: .farAway)
            #expect(outcome.locations.compactMap(\.self).count == 1)
            #expect(outcome.failure == nil)
            #expect(
                server.requests.map(\.body) == Array(repeating: Array("a chart".utf8), count: 4)
            )
        }
    }

    @Test func `sends the whole again where the connection was reset on the way`() throws {
        let content = PatternContent(byteCount: 2_000_000)
        let artifact = Artifact(
            name: "big.csv",
            mediaType: .csv,
            sha256: SignatureCheck.sha256(content.all),
            role: .file(picture: nil),
            content: content
        )
        try ScriptedServer.run(InTurn(.reset(afterBodyBytes: 100_000), .status(200))) { server in
            let outcome = try store(server).store([artifact], under: "", until: .farAway)
            #expect(outcome.failure == nil)
            #expect(server.requests.last?.body == content.all)
        }
    }

    @Test func `takes a 200 that carries an error for a failure`() throws {
        let body = "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>"
        try ScriptedServer.run(InTurn(.status(200, [], body))) { server in
            let outcome = try store(server).store([.make()], under: "", until: .farAway)
            #expect(outcome.locations == [nil])
            #expect(outcome.failure?.code == "InternalError")
            #expect(outcome.failure?.isTransient == true)
            #expect(server.requests.count == RetryPolicy.atOnce.mostAttempts)
        }
        try ScriptedServer.run(InTurn(.status(200, [], body), .status(200))) { server in
            let outcome = try store(server).store([.make()], under: "", until: .farAway)
            #expect(outcome.failure == nil)
        }
    }

    @Test(arguments: [
        (403, "AccessDenied", "s3:PutObject"), (404, "NoSuchBucket", "does not exist"),
        (400, "InvalidRequest", "400 InvalidRequest"),
        (403, "SignatureDoesNotMatch", "credentials"),
        (400, "ExpiredToken", "credentials"), (301, "PermanentRedirect", "eu-west-1"),
        (400, "BadDigest", "run it again"),
    ])
    func `does not repeat what another try cannot mend, and says what can`(
        status: Int,
        code: String,
        hint: String
    ) throws {
        let headers = [
            HTTPHeader("Location", "http://127.0.0.1:1/elsewhere"),
            HTTPHeader("x-amz-bucket-region", "eu-west-1"),
        ]
        let refusal = ServerReaction.status(status, headers, "<Error><Code>\(code)</Code></Error>")
        try ScriptedServer.run(InTurn(refusal)) { server in
            let outcome = try store(server).store([.make()], under: "x/", until: .farAway)
            #expect(outcome.locations == [nil])
            let failure = try #require(outcome.failure)
            #expect(failure.code == code)
            #expect(failure.message.contains(hint))
            #expect(failure.bucket == "my-bucket")
            #expect(failure.key == "charts/x/chart-001.png")
            #expect(!failure.isTransient)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `gives a stalled server up in time`() throws {
        try ScriptedServer.run(InTurn(.stall)) { server in
            let instant = ContinuousClock.now + .milliseconds(100)
            let outcome = try store(server).store([.make(), page], under: "", until: instant)
            #expect(outcome.locations == [nil, nil])
            #expect(outcome.failure?.code == "TimedOut")
            #expect(outcome.failure?.isTransient == true)
        }
    }

    @Test func `says what the store said, though the time was up after it`() throws {
        let slow = ServerReaction.status(503, [], "<Error><Code>SlowDown</Code></Error>")
        try ScriptedServer.run(InTurn(slow, .stall)) { server in
            let instant = ContinuousClock.now + .milliseconds(100)
            let outcome = try store(server).store([.make()], under: "", until: instant)
            #expect(outcome.failure?.code == "SlowDown")
        }
    }

    @Test func `tries again after a connection that stood still, whatever came before it`() throws {
        let slow = ServerReaction.status(503, [], "<Error><Code>SlowDown</Code></Error>")
        try ScriptedServer.run(InTurn(slow, .stall, .status(200))) { server in
            let client = try S3Client.make(server, settings: .impatient)
            let outcome = bucket(client).store([.make()], under: "", until: .farAway)
            #expect(outcome.failure == nil)
            #expect(server.requests.count == 3)
        }
    }

    @Test func `says that a connection stood still where every one does`() throws {
        try ScriptedServer.run(InTurn(.stall)) { server in
            let client = try S3Client.make(
                server,
                settings: .impatient,
                retries: RetryPolicy(mostAttempts: 2, jitter: { 0 })
            )
            let outcome = bucket(client).store([.make()], under: "", until: .farAway)
            #expect(outcome.failure?.code == "Stalled")
            #expect(outcome.failure?.isTransient == true)
        }
    }

    @Test func `repeats on a new connection where all kept ones have died in silence`() throws {
        try ScriptedServer.run(DiesInSilence()) { server in
            let client = try S3Client.make(server, settings: .impatient)
            let artifacts = (0..<8).map { Artifact.make(name: "chart-\($0).png") }
            let store = bucket(client)
            #expect(store.store(artifacts, under: "", until: .farAway).failure == nil)
            let before = server.requests.count
            #expect(store.store([.make()], under: "late/", until: .farAway).failure == nil)
            #expect(store.store([.make()], under: "later/", until: .farAway).failure == nil)
            // The server notes nothing that comes over a dead connection.
            let connections = server.requests.dropFirst(before).map(\.connection)
            #expect(connections == [8, 8])
        }
    }

    @Test(arguments: [
        (501, "NotImplemented"), (505, "HTTP505"), (507, "XMinioStorageFull"),
        (400, "KMS.DisabledException"),
    ])
    func `sends once what the store will never do`(status: Int, code: String) throws {
        let refusal = ServerReaction.status(status, [], "<Error><Code>\(code)</Code></Error>")
        try ScriptedServer.run(InTurn(refusal)) { server in
            let outcome = try store(server).store([.make()], under: "", until: .farAway)
            #expect(outcome.failure?.isTransient == false)
            #expect(outcome.failure?.message.contains("try again") == false)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `names the setting where the bucket may be another account's`() throws {
        let refusal = ServerReaction.status(403, [], "<Error><Code>AccessDenied</Code></Error>")
        try ScriptedServer.run(InTurn(refusal)) { server in
            let client = try S3Client.make(server)
            let outcome = bucket(client, owner: "111122223333")
                .store([.make()], under: "", until: .farAway)
            let message = try #require(outcome.failure?.message)
            #expect(message.contains("RAMPART_BUCKET_OWNER"))
            #expect(message.contains("111122223333"))
        }
    }

    @Test(arguments: [(400, "ExpiredToken"), (403, "InvalidAccessKeyId"), (400, "InvalidToken")])
    func `counts its credentials as dead after two refusals in a row`(
        status: Int,
        code: String
    ) throws {
        let refusal = ServerReaction.status(status, [], "<Error><Code>\(code)</Code></Error>")
        try ScriptedServer.run(InTurn(refusal, .status(200), refusal, refusal)) { server in
            let client = try S3Client.make(server)
            let store = bucket(client)
            let dead = (0..<4).map { _ in
                _ = store.store([.make()], under: "", until: .farAway)
                return client.hasDeadCredentials
            }
            #expect(dead == [false, false, false, true])
            let failure = store.store([.make()], under: "", until: .farAway).failure
            #expect(failure?.message.contains("could write before") == false)
        }
    }

    @Test
    func `counts a right that was there before as revoked, and one that never was as missing`()
        throws
    {
        let refusal = ServerReaction.status(403, [], "<Error><Code>AccessDenied</Code></Error>")
        try ScriptedServer.run(InTurn(.status(200), refusal)) { server in
            let client = try S3Client.make(server)
            let outcomes = (0..<3).map { _ in
                bucket(client).store([.make()], under: "", until: .farAway)
            }
            #expect(outcomes[2].failure?.message.contains("revoked") == true)
            #expect(client.hasDeadCredentials)
        }
        try ScriptedServer.run(InTurn(refusal)) { server in
            let client = try S3Client.make(server)
            let outcomes = (0..<3).map { _ in
                bucket(client).store([.make()], under: "", until: .farAway)
            }
            #expect(outcomes[2].failure?.message.contains("revoked") == false)
            #expect(!client.hasDeadCredentials)
        }
    }

    @Test func `stores what it can and names the first that it could not`() throws {
        try ScriptedServer.run(RefusesHTML()) { server in
            let artifacts = [Artifact.make(), page, .make(name: "chart-003.png")]
            let outcome = try store(server).store(artifacts, under: "", until: .farAway)
            #expect(outcome.locations.map { $0 != nil } == [true, false, true])
            #expect(outcome.failure?.key == "charts/chart-002.html")
        }
    }

    @Test func `sets its clock by the store's where they are too far apart`() throws {
        let skewed = ServerReaction.status(
            403,
            [HTTPHeader("Date", "Fri, 24 May 2013 10:20:30 GMT")],
            "<Error><Code>RequestTimeTooSkewed</Code></Error>"
        )
        try ScriptedServer.run(InTurn(skewed, .status(200))) { server in
            let store = try store(server)
            #expect(store.store([.make()], under: "", until: .farAway).failure == nil)
            #expect(store.store([.make()], under: "", until: .farAway).failure == nil)
            let dates = server.requests.compactMap { $0.headers["x-amz-date"]?.prefix(11) }
            #expect(dates.dropFirst() == ["20130524T10", "20130524T10"])
            let request = try #require(server.requests.last)
            let claim = try #require(SignatureCheck.Claim(request.headers["Authorization"]))
            #expect(
                SignatureCheck.example.signature(of: request, claiming: claim) == claim.signature
            )
        }
    }

    @Test func `reads its credentials at each call`() throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            var names = ["FIRST", "SECOND"]
            let client = S3Client(
                region: "eu-central-1",
                endpoint: try S3Endpoint(
                    region: "",
                    environment: ["AWS_ENDPOINT_URL": server.base]
                ),
                credentials: {
                    S3Credentials(accessKeyID: names.removeFirst(), secretAccessKey: "s")
                }
            )
            let store = S3Store(client: client, bucket: "my-bucket", prefix: "")
            for _ in 0..<2 { _ = store.store([.make()], under: "", until: .farAway) }
            let used = server.requests.compactMap { request in
                SignatureCheck.Claim(request.headers["Authorization"])?.credential.prefix {
                    $0 != "/"
                }
            }
            #expect(used == ["FIRST", "SECOND"])
        }
    }

    @Test func `says so where there is nothing to sign with`() throws {
        let client = S3Client(
            region: "eu-central-1",
            endpoint: S3Endpoint(region: "eu-central-1"),
            credentials: { nil }
        )
        let store = S3Store(client: client, bucket: "my-bucket", prefix: "")
        let outcome = store.store([.make()], under: "", until: .farAway)
        #expect(outcome.failure?.code == "CredentialsMissing")
        #expect(outcome.failure?.isTransient == false)
    }

    @Test func `says so where an artifact cannot be read`() throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            let artifact = Artifact(
                name: "gone.png",
                mediaType: .png,
                sha256: S3Call.emptySHA256,
                role: .file(picture: nil),
                content: ShrunkenContent(byteCount: 5)
            )
            let outcome = try store(server).store([artifact], under: "", until: .farAway)
            #expect(outcome.locations == [nil])
            #expect(outcome.failure?.code == "BodyUnreadable")
            #expect(outcome.failure?.isTransient == false)
        }
    }

    @Test func `uses eight connections at most, again and again`() throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            let store = try store(server)
            let artifacts = (0..<30).map { Artifact.make(name: "chart-\($0).png") }
            for _ in 0..<3 {
                let outcome = store.store(artifacts, under: "", until: .farAway)
                #expect(outcome.locations.compactMap(\.self).count == 30)
            }
            #expect(Set(server.requests.map(\.connection)).count <= 8)
        }
    }

    @Test func `opens no more descriptors for a thousand uploads than for a hundred`() async {
        await #expect(processExitsWith: .success) {
            try ScriptedServer.run(InTurn(.status(200))) { server in
                let client = try S3Client.make(server)
                let store = S3Store(client: client, bucket: "my-bucket", prefix: "")
                let artifacts = (0..<100).map { Artifact.make(name: "chart-\($0).png") }
                var counts: [Int] = []
                for _ in 0..<10 {
                    let outcome = store.store(artifacts, under: "", until: .farAway)
                    guard outcome.failure == nil else { exit(1) }
                    counts.append(OpenDescriptors.all().count)
                }
                exit(counts.allSatisfy { $0 == counts[0] } ? 0 : 2)
            }
        }
    }

    private func store(_ server: ScriptedServer) throws -> S3Store {
        bucket(try S3Client.make(server))
    }

    private func bucket(_ client: S3Client, owner: String? = nil) -> S3Store {
        S3Store(client: client, bucket: "my-bucket", prefix: "charts/", bucketOwner: owner)
    }
}

/// Stores the first eight objects, after each of which its connection is dead; then behaves.
private struct DiesInSilence: ServerBehaviour {
    func reaction(to request: RecordedRequest, number: Int) -> ServerReaction {
        number < 8 ? .replyAndFallSilent(HTTPResponse(status: 200)) : .status(200)
    }
}

/// Stores all but what ends in `.html`.
private struct RefusesHTML: ServerBehaviour {
    func reaction(to request: RecordedRequest, number: Int) -> ServerReaction {
        let refusal = "<Error><Code>AccessDenied</Code></Error>"
        return request.path.hasSuffix(".html") ? .status(403, [], refusal) : .status(200)
    }
}
