import RampartCore
import Testing

@testable import RampartAWS

@Suite("A signature")
struct SignatureTests {
    private static let keys = [
        "plain.png", "with space.png", "plus+plus", "tilde~", "ünïcode/🙂.svg", "a/../b/./c",
        "double//slash", "/leading", "trailing/", "percent%20already", "a=b&c=d", "semi;colon:,",
        "quo\"te'(x)*!", "$@", "back\\slash", "brackets[]{}", "hash#question?", "tab\there",
        "caret^`|<>", "日本語",
    ]

    @Test(arguments: keys)
    func `holds for any key that is put`(key: String) throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            let client = try S3Client.make(server)
            let artifact = Artifact.make(name: key, "<svg/>", type: .svg)
            let store = S3Store(
                client: client,
                bucket: "my-bucket",
                prefix: "",
                bucketOwner: "111122223333"
            )
            let outcome = store.store([artifact], under: "", until: .farAway)
            #expect(outcome.locations == [.s3(bucket: "my-bucket", key: key, etag: nil)])
            try checkSignature(of: #require(server.requests.first))
            #expect(server.requests.first?.headers["x-amz-security-token"] == "a/session+token=")
            #expect(server.requests.first?.path == "/my-bucket/" + PercentEncoding.encodePath(key))
        }
    }

    @Test(arguments: keys)
    func `holds for any key that is fetched, with its version and tag`(key: String) throws {
        try ScriptedServer.run(InTurn(.status(200, [], "x"))) { server in
            let inputs = S3Inputs(client: try S3Client.make(server), buckets: ["my-bucket"])
            let object = S3Object(
                bucket: "my-bucket",
                key: key,
                versionID: "a+b/c=d~&e",
                etag: "0123"
            )
            let contents = try inputs.fetch([(object, "/p")], atMost: 10, until: .farAway)
            #expect(contents == [[0x78]])
            let request = try #require(server.requests.first)
            #expect(request.query == "versionId=a%2Bb%2Fc%3Dd~%26e")
            try checkSignature(of: request)
        }
    }

    @Test func `covers the session token only where there is one`() throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            let client = try S3Client.make(server, token: nil)
            let store = S3Store(client: client, bucket: "my-bucket", prefix: "")
            _ = store.store([.make()], under: "", until: .farAway)
            let request = try #require(server.requests.first)
            #expect(request.headers["x-amz-security-token"] == nil)
            try checkSignature(of: request)
        }
    }

    @Test func `is the one that AWS published for a request of its own`() throws {
        for example in PublishedSignature.all {
            let request = try #require(RecordedRequest(head: example.head, connection: 0))
            let published = try #require(SignatureCheck.Claim(request.headers["Authorization"]))
            let signature = S3Signature(
                method: example.method,
                address: S3Address(
                    scheme: "https",
                    host: "examplebucket.s3.amazonaws.com",
                    path: request.path,
                    query: request.query
                ),
                headers: example.headers,
                payloadSHA256: try #require(request.headers["x-amz-content-sha256"]),
                date: "20130524T000000Z",
                region: "us-east-1",
                credentials: PublishedSignature.credentials
            )
            let claim = try #require(SignatureCheck.Claim(signature.headers["Authorization"]))
            #expect(claim.signature == published.signature)
            #expect(claim.signedHeaders == published.signedHeaders)
        }
    }

    @Test func `is checked here by steps that give AWS's own published ones`() throws {
        let check = SignatureCheck(
            accessKeyID: PublishedSignature.credentials.accessKeyID,
            secretAccessKey: PublishedSignature.credentials.secretAccessKey,
            region: "us-east-1"
        )
        for example in PublishedSignature.all {
            let request = try #require(RecordedRequest(head: example.head, connection: 0))
            let claim = try #require(SignatureCheck.Claim(request.headers["Authorization"]))
            #expect(check.signature(of: request, claiming: claim) == claim.signature)
        }
    }

    private func checkSignature(of request: RecordedRequest) throws {
        let claim = try #require(SignatureCheck.Claim(request.headers["Authorization"]))
        #expect(SignatureCheck.example.signature(of: request, claiming: claim) == claim.signature)
        let claimsToken = claim.signedHeaders.contains("x-amz-security-token")
        #expect(claimsToken == (request.headers["x-amz-security-token"] != nil))
        #expect(request.headers["x-amz-content-sha256"] == SignatureCheck.sha256(request.body))
        let unsigned = Set(request.headerNames).subtracting(claim.signedHeaders)
        #expect(unsigned.isSubset(of: ["authorization", "content-length"]))
    }
}
