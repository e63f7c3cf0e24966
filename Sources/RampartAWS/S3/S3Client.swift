/// S3's client: signs, sends side by side, sends again.
///
/// Not to be used by two threads at once.
package final class S3Client {
    private let region: String
    private let endpoint: S3Endpoint
    private let credentials: () -> S3Credentials?
    private let transport: Transport
    private let retries: RetryPolicy
    private var clock = S3Clock()
    private var health = CredentialHealth()

    /// - Parameters:
    ///   - region: the region that signatures name.
    ///   - endpoint: where S3 is reached.
    ///   - credentials: asked at each call, for they may change.
    ///   - transport: whose connections are used.
    ///   - retries: when a request is sent again.
    package init(
        region: String,
        endpoint: S3Endpoint,
        credentials: @escaping () -> S3Credentials?,
        transport: Transport = Transport(.store),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.region = region
        self.endpoint = endpoint
        self.credentials = credentials
        self.transport = transport
        self.retries = retries
    }

    /// Whether S3 refused this environment's credentials twice in a row, so that it is of no use any more.
    package var hasDeadCredentials: Bool { health.areDead }

    /// Returns whether S3 forbids a write that it allowed the same credentials before.
    func isWithdrawal(_ problem: StoreProblem) -> Bool {
        credentials().map { health.isWithdrawal(problem, of: $0.accessKeyID) } ?? false
    }

    /// Makes calls side by side, and returns what each came to, in order, at the latest at `instant`.
    func perform(
        _ calls: [S3Call],
        until instant: ContinuousClock.Instant
    ) -> [Result<HTTPResponse, StoreProblem>] {
        guard let signer = credentials() else { return calls.map { _ in .failure(.noCredentials) } }
        var transfers = StoreTransfers(
            count: calls.count,
            policy: retries,
            until: instant,
            make: { self.request(for: calls[$0], signedBy: signer) },
            read: { self.problem(in: $1, to: calls[$0]) }
        )
        transport.run(&transfers, atMost: Self.width, until: instant)
        let results = transfers.results
        health.note(Array(zip(calls.map(\.method), results)), signedBy: signer.accessKeyID)
        return results
    }

    /// Reads a reply, and sets the clock by it where S3 says that this machine's is wrong.
    private func problem(in reply: HTTPResponse, to call: S3Call) -> StoreProblem? {
        let problem = StoreProblem(
            in: reply,
            successes: [200],
            hidesErrors: call.method != .get
        )
        if problem?.code == "RequestTimeTooSkewed" { clock.set(by: reply.headers["Date"]) }
        return problem
    }

    private func request(for call: S3Call, signedBy signer: S3Credentials) -> HTTPRequest {
        let address = endpoint.address(
            bucket: call.bucket,
            key: call.key,
            versionID: call.versionID
        )
        let signature = S3Signature(
            method: call.method,
            address: address,
            headers: call.headers,
            payloadSHA256: call.payloadSHA256,
            date: clock.amzDate(),
            region: region,
            credentials: signer
        )
        return HTTPRequest(
            call.method,
            address.url,
            headers: signature.headers,
            body: call.body,
            mostReplyBytes: call.mostReplyBytes
        )
    }

    private static let width = 8
}
