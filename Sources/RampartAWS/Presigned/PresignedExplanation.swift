/// The sentence that says what to do about a problem with a presigned address.
enum PresignedExplanation {
    /// Returns the sentence; it names no part of the address, which is a secret.
    static func sentence(for problem: StoreProblem) -> String {
        switch problem {
        case .refused(let status, let code, _) where problem.isTransient:
            "the store could not do it for now (\(status) \(code)): try again"
        case .refused(_, let code, _) where StoreRefusals.concernsBytes(code):
            "the presigned address was signed for other bytes (\(code)): sign it without a checksum, "
                + "Content-MD5 or x-amz-content-sha256, because nobody knows a chart's bytes beforehand"
        case .refused(_, let code, _) where code.hasPrefix("InvalidRequest"):
            "the store refused the upload, not the signature (\(code)): a bucket with Object Lock, or "
                + "an address that was signed with a checksum, wants a checksum of the bytes, which "
                + "nobody knows beforehand; sign for a bucket without Object Lock, and without a checksum"
        case .refused(_, let code, _) where Self.sizeCodes.contains(code):
            "the store refused the upload's size (\(code)): sign without Content-Length, and store "
                + "fewer bytes"
        case .refused(let status, "NotImplemented", _), .refused(let status, "MethodNotAllowed", _):
            "the store does not take this PUT (\(status)): check that the address is an object's, in a "
                + "store that offers what its headers ask for"
        case .refused(_, "ExpiredToken", _), .refused(_, "RequestExpired", _):
            "the presigned address has expired: sign a fresh one, just before the request"
        case .refused(403, let code, _), .refused(400, let code, _):
            "the store refused the presigned address (\(code)): sign a fresh one for PUT, and give "
                + "every signed header in store.put[].headers with its signed value"
        case .refused(let status, _, _) where (300...399).contains(status):
            "the store answered with a redirect, which is not followed: sign an address of the "
                + "bucket's own region"
        case .refused(404, let code, _):
            "the store knows no such place (\(code)): check the bucket of the presigned address"
        case .refused(let status, let code, _): "the store answered \(status) \(code)"
        case .broken(let error) where error.kind == .timedOut:
            "the store did not confirm it in time: store fewer bytes, or raise RAMPART_RESERVE_MS"
        case .broken(let error) where error.kind == .stalled:
            "the connection to the store stood still (\(error.detail)): try again"
        case .broken(let error) where error.kind == .bodyUnreadable:
            "the artifact could not be read again: \(error.detail)"
        case .broken(let error):
            "the store could not be reached (\(error.detail)): check the address and the VPC's routes"
        case .noCredentials: "there is no signature"
        }
    }

    private static let sizeCodes: Set<String> = [
        "EntityTooLarge", "EntityTooSmall", "MissingContentLength",
    ]
}
