/// The sentence that says what to do about a problem with a presigned address.
enum PresignedExplanation {
    /// Returns the sentence; it names no part of the address, which is a secret.
    static func sentence(for problem: StoreProblem) -> String {
        switch problem {
        case .refused(403, let code, _), .refused(400, let code, _):
            "the store refused the presigned address (\(code)): sign a fresh one for PUT, and give "
                + "every signed header in store.put[].headers with its signed value"
        case .refused(let status, _, _) where (300...399).contains(status):
            "the store answered with a redirect, which is not followed: sign an address of the "
                + "bucket's own region"
        case .refused(404, let code, _):
            "the store knows no such place (\(code)): check the bucket of the presigned address"
        case .refused(let status, let code, _) where problem.isTransient:
            "the store could not do it for now (\(status) \(code)): try again"
        case .refused(let status, let code, _): "the store answered \(status) \(code)"
        case .broken(let error) where error.kind == .timedOut:
            "the store did not confirm it in time: store fewer bytes, or raise RAMPART_RESERVE_MS"
        case .broken(let error) where error.kind == .bodyUnreadable:
            "the artifact could not be read again: \(error.detail)"
        case .broken(let error):
            "the store could not be reached (\(error.detail)): check the address and the VPC's routes"
        case .noCredentials: "there is no signature"
        }
    }
}
