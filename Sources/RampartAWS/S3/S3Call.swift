/// One request to S3, before it is dated and signed.
struct S3Call: Sendable {
    let method: HTTPRequest.Method
    let bucket: String
    let key: String
    var versionID: String?
    /// All but the date, the token and the signature.
    var headers: [HTTPHeader] = []
    var body: HTTPBody?
    /// The body's SHA-256 in hex, which the signature covers.
    var payloadSHA256 = S3Call.emptySHA256
    var mostReplyBytes = 64 << 10

    /// The SHA-256 of no bytes.
    static let emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}
