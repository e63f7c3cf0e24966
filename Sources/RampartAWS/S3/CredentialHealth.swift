/// Whether a store still accepts this environment's credentials.
///
/// Lambda gives an environment its credentials once. If they expire or are revoked while it stays warm, every later
/// run here loses its charts, and only a new environment can help.
struct CredentialHealth: Sendable, Hashable {
    /// Who signed the last request that the store accepted.
    private(set) var acceptedKeyID: String?
    private var refusedInARow = 0

    /// Whether the store refused the credentials so often in a row that this environment is of no use.
    var areDead: Bool { refusedInARow >= Self.mostRefusals }

    /// Returns whether a write was forbidden that the same credentials were allowed before.
    ///
    /// A 403 alone says nothing of the credentials: the role may never have had the right.
    func isWithdrawal(_ problem: StoreProblem, of keyID: String) -> Bool {
        problem.isForbidden && !problem.isTransient && keyID == acceptedKeyID
            && !StoreRefusals.concernsCredentials(problem.code)
    }

    private func isRefusal(
        _ problem: StoreProblem,
        to method: HTTPRequest.Method,
        of keyID: String
    ) -> Bool {
        StoreRefusals.concernsCredentials(problem.code)
            || (method == .put && isWithdrawal(problem, of: keyID))
    }

    /// Notes what one round of requests came to.
    ///
    /// - Parameters:
    ///   - results: the requests' results, with their methods.
    ///   - keyID: who signed them.
    mutating func note(
        _ results: [(method: HTTPRequest.Method, result: Result<HTTPResponse, StoreProblem>)],
        signedBy keyID: String
    ) {
        let hasSucceeded = results.contains { (try? $0.result.get()) != nil }
        let isRefused = results.contains { method, result in
            guard case .failure(let problem) = result else { return false }
            return isRefusal(problem, to: method, of: keyID)
        }
        if hasSucceeded {
            refusedInARow = 0
            // Only a write shows that a later write was allowed too.
            if results.contains(where: { $0.method == .put && (try? $0.result.get()) != nil }) {
                acceptedKeyID = keyID
            }
        } else if isRefused {
            refusedInARow += 1
        }
    }

    private static let mostRefusals = 2
}
