/// The sentence that says what to do about a problem with S3.
enum S3Explanation {
    /// What was tried.
    enum Action: Sendable {
        case put
        case get(isVersioned: Bool)

        /// The permission that it takes.
        var permission: String {
            switch self {
            case .put: "s3:PutObject"
            case .get(let isVersioned): isVersioned ? "s3:GetObjectVersion" : "s3:GetObject"
            }
        }

        /// The one that it takes besides, where the bucket encrypts with a KMS key.
        var keyPermission: String {
            switch self {
            case .put: "kms:GenerateDataKey"
            case .get: "kms:Decrypt"
            }
        }
    }

    /// Returns the sentence.
    ///
    /// - Parameters:
    ///   - problem: what the request met.
    ///   - action: what was tried.
    ///   - bucket: on which bucket.
    ///   - owner: the account that the request said must own the bucket; nil: any.
    /// - Returns: what happened and what to do.
    static func sentence(
        for problem: StoreProblem,
        _ action: Action,
        bucket: String,
        owner: String? = nil
    ) -> String {
        let sentence = sentence(for: problem, action, bucket)
        guard let owner, problem.isForbidden, !StoreRefusals.concernsCredentials(problem.code)
        else {
            return sentence
        }
        return sentence
            + "; S3 says the same if the bucket does not belong to the account \(owner), "
            + "which RAMPART_BUCKET_OWNER names"
    }

    private static func sentence(
        for problem: StoreProblem,
        _ action: Action,
        _ bucket: String
    ) -> String {
        switch problem {
        case .noCredentials:
            "there are no credentials to sign with: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case .broken(let error): sentence(for: error, bucket: bucket)
        case .refused(let status, let code, let region):
            sentence(status, code, region: region, action, bucket: bucket)
        }
    }

    private static func sentence(
        _ status: Int,
        _ code: String,
        region: String?,
        _ action: Action,
        bucket: String
    ) -> String {
        switch code {
        case "NoSuchBucket": "the bucket \(bucket) does not exist: name one that does"
        case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException", "HTTP301", "HTTP307":
            "the bucket \(bucket) lies in \(region ?? "another region"): "
                + "use one in the function's own region"
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired":
            "the credentials of this environment have expired (\(code)): try again, because a new "
                + "environment gets new ones"
        case _ where StoreRefusals.concernsCredentials(code):
            "S3 refused the credentials (\(code)): "
                + "check the function's role and that no AWS_… variable overrides it"
        case "RequestTimeTooSkewed": "this machine's clock and S3's stay too far apart: try again"
        case "NotImplemented", "NotSupported", "MethodNotAllowed":
            "the store does not offer what Rampart asks of it (\(status) \(code)): use a general purpose "
                + "bucket of S3, or a server that takes a PUT with a checksum"
        case "QuotaExceeded", "XMinioStorageFull":
            "the store is full (\(code)): free space on it, or raise its quota"
        case _ where code.hasPrefix("KMS.") && !StoreRefusals.isPassing(status, code):
            "the bucket's KMS key cannot be used (\(code)): check that it exists, is enabled and allows "
                + "the function's role \(action.keyPermission)"
        case _ where StoreRefusals.concernsBytes(code):
            "the bytes that arrived are not those that were collected (\(code)): run it again"
        case _ where StoreRefusals.isPassing(status, code):
            "S3 could not do it for now (\(status) \(code)): try again"
        case _ where status == 403 || code == "AccessDenied":
            "S3 refused it (\(code)): allow the function's role \(action.permission) on bucket "
                + "\(bucket), and \(action.keyPermission) where a KMS key encrypts it; check the "
                + "bucket's policy and the VPC endpoint's too"
        default: "S3 answered \(status) \(code): look the code up in S3's list of error responses"
        }
    }

    private static func sentence(for error: TransportError, bucket: String) -> String {
        switch error.kind {
        case .timedOut:
            "S3 did not confirm it in time: store fewer bytes, or raise RAMPART_RESERVE_MS"
        case .stalled: "the connection to S3 stood still (\(error.detail)): try again"
        case .stopped: "the environment was shut down before S3 confirmed it: try again"
        case .nameNotResolved, .connectionFailed, .secureChannelFailed:
            "S3 could not be reached (\(error.detail)): "
                + "check the VPC's gateway endpoint for S3, its routes and the security group"
        case .connectionLost, .malformedReply:
            "the connection to S3 was lost (\(error.detail)): try again"
        case .certificateRefused:
            "S3's certificate was refused (\(error.detail)): check the endpoint's address"
        case .bodyUnreadable: "the artifact could not be read again: \(error.detail)"
        case .replyTooLarge: "S3's reply is too large: \(error.detail)"
        case .requestInvalid: "the request to S3 could not be made: \(error.detail)"
        }
    }
}
