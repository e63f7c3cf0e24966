/// Why one request to a store did not do what it was to do.
enum StoreProblem: Error, Sendable, Hashable {
    /// The store said so.
    case refused(status: Int, code: String, region: String?)
    /// It said nothing, or not all.
    case broken(TransportError)
    /// There is nothing to sign with.
    case noCredentials

    /// Reads a problem off a reply; nil where the store has done what was asked.
    ///
    /// - Parameters:
    ///   - reply: what the store said.
    ///   - successes: the statuses that say so.
    ///   - hidesErrors: whether a success may carry an error document, as an upload's can; a
    ///     download's body is the object's own.
    init?(in reply: HTTPResponse, successes: Set<Int>, hidesErrors: Bool) {
        let isSuccess = successes.contains(reply.status)
        if isSuccess, !hidesErrors { return nil }
        let document = ErrorDocument(reply.body)
        if isSuccess, document == nil { return nil }
        self = .refused(
            status: reply.status,
            code: document?.code ?? "HTTP\(reply.status)",
            region: document?.region ?? reply.headers["x-amz-bucket-region"]
        )
    }

    /// The store's own word, or the transport's.
    var code: String {
        switch self {
        case .refused(_, let code, _): code
        case .broken(let error): error.kind.rawValue
        case .noCredentials: "CredentialsMissing"
        }
    }

    /// Whether the same request may succeed another time.
    var isTransient: Bool {
        switch self {
        case .refused(let status, let code, _): StoreRefusals.isPassing(status, code)
        case .broken(let error): error.isTransient
        case .noCredentials: false
        }
    }

    /// Whether the request is to be sent again here and now.
    var isWorthRepeating: Bool {
        if case .broken(let error) = self { error.isWorthRepeating } else { isTransient }
    }

    /// Whether the store refused for want of a right.
    var isForbidden: Bool { if case .refused(403, _, _) = self { true } else { false } }
}
