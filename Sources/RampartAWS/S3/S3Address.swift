/// Where an object is, in the parts that a signature takes; percent-encoded already.
struct S3Address: Sendable, Hashable {
    let scheme: String
    /// With its port, where one is named.
    let host: String
    let path: String
    /// Without its mark; empty where there is none.
    let query: String

    /// The whole address.
    var url: String { "\(scheme)://\(host)\(path)" + (query.isEmpty ? "" : "?\(query)") }
}
