import RampartCore

@testable import RampartAWS

/// Content that lies in memory.
struct BytesContent: ArtifactContent {
    let bytes: [UInt8]

    var byteCount: Int { bytes.count }

    func read(upTo count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        Array(bytes[offset...].prefix(count))
    }
}

/// Content whose file has become shorter since it was collected.
struct ShrunkenContent: ArtifactContent {
    let byteCount: Int

    func read(upTo count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        throw Fault(.scratch, couldNot: "read the artifact", cause: "it has become shorter")
    }
}

extension Artifact {
    /// Makes an artifact of some bytes.
    static func make(
        name: String = "chart-001.png",
        original: String? = nil,
        _ text: String = "a chart",
        type: MediaType = .png
    ) -> Artifact {
        let bytes = Array(text.utf8)
        return Artifact(
            name: name,
            originalName: original,
            mediaType: type,
            sha256: SignatureCheck.sha256(bytes),
            role: .file(picture: nil),
            content: BytesContent(bytes: bytes)
        )
    }
}

extension ContinuousClock.Instant {
    /// Later than any test runs.
    static var farAway: Self { .now + .seconds(60) }
}

extension RetryPolicy {
    /// Waits for nothing between two attempts.
    static let atOnce = RetryPolicy(jitter: { 0 })
}

extension TransportSettings {
    /// A store's bounds, but that it counts a connection as dead after a fifth of a second.
    static let impatient = TransportSettings(
        connectTimeout: .seconds(2),
        stallBound: .milliseconds(200),
        idleSeconds: 15
    )
}

extension S3Client {
    /// Makes a client of a server of the test's.
    static func make(
        _ server: ScriptedServer,
        region: String = "eu-central-1",
        token: String? = "a/session+token=",
        settings: TransportSettings = .store,
        retries: RetryPolicy = .atOnce
    ) throws -> S3Client {
        S3Client(
            region: region,
            endpoint: try S3Endpoint(
                region: region,
                environment: ["AWS_ENDPOINT_URL_S3": server.base]
            ),
            credentials: {
                S3Credentials(
                    accessKeyID: "AKIDEXAMPLE",
                    secretAccessKey: "secret/EXAMPLE+key",
                    sessionToken: token
                )
            },
            transport: Transport(settings),
            retries: retries
        )
    }
}

extension SignatureCheck {
    /// Checks the requests of ``S3Client/make(_:region:token:settings:retries:)``.
    static let example = SignatureCheck(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "secret/EXAMPLE+key",
        region: "eu-central-1"
    )
}
