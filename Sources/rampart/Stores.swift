import RampartAWS
import RampartCore
import RampartRuntime
import RampartSandbox

/// The stores of this deployment, on connections that are kept between invocations.
struct Stores: StoreProvider {
    /// Where a request's `s3` inputs come from.
    let inputs: any InputSource

    private let client: S3Client?
    private let deployment: any ArtifactStore
    private let putHosts: PutHosts
    private let transport = Transport(.store.interrupted(by: StopSignal.descriptor))

    /// - Parameters:
    ///   - settings: name the buckets.
    ///   - deployment: takes the place of the bucket that the settings name.
    /// - Throws: a ``Fault`` where the region or an endpoint is missing or does not parse.
    init(settings: Settings, deployment: (any ArtifactStore)? = nil) throws(Fault) {
        putHosts = PutHosts(settings.putHosts)
        client = try Self.client(settings, transport)
        guard let client else {
            inputs = S3Inputs(client: Self.clientWithoutRegion(transport), buckets: [])
            self.deployment = deployment ?? InlineStore()
            return
        }
        inputs = S3Inputs(
            client: client,
            buckets: settings.inputBuckets,
            bucketOwner: settings.bucketOwner
        )
        if let deployment {
            self.deployment = deployment
        } else if let bucket = settings.bucket {
            self.deployment = S3Store(
                client: client,
                bucket: bucket,
                prefix: settings.prefix,
                bucketOwner: settings.bucketOwner
            )
        } else {
            self.deployment = InlineStore()
        }
    }

    /// Whether S3 does not accept this environment's credentials any more.
    var hasDeadCredentials: Bool { client?.hasDeadCredentials ?? false }

    func store(for choice: StoreChoice) throws(Rejection) -> any ArtifactStore {
        switch choice {
        case .deployment: return deployment
        case .inline: return InlineStore()
        case .put(let puts):
            if let rejection = PresignedRules.rejection(of: puts, allowing: putHosts) {
                throw rejection
            }
            return PresignedStore(puts, transport: transport)
        }
    }

    /// The client of the deployment's S3; nil where the settings name no bucket at all.
    private static func client(
        _ settings: Settings,
        _ transport: Transport
    ) throws(Fault) -> S3Client? {
        guard settings.bucket != nil || !settings.inputBuckets.isEmpty else { return nil }
        let environment = Environment.current
        guard let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] else {
            let cause = "a bucket is set and no region: set AWS_REGION"
            throw Fault(.invalidConfiguration, couldNot: "read the settings", cause: cause)
        }
        return S3Client(
            region: region,
            endpoint: try S3Endpoint(region: region, environment: environment),
            credentials: { S3Credentials(environment: Environment.current) },
            transport: transport
        )
    }

    /// Never sends anything, for no bucket is allowed: each input is rejected with that reason.
    private static func clientWithoutRegion(_ transport: Transport) -> S3Client {
        S3Client(
            region: "us-east-1",
            endpoint: S3Endpoint(region: "us-east-1"),
            credentials: { nil },
            transport: transport
        )
    }
}
