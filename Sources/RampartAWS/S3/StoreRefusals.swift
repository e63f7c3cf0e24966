/// Which refusals of a store pass, by code and by status.
///
/// The code decides where the tables know it, because one status stands for both kinds: 403 for a missing right and
/// for a wrong clock, 503 for a busy store and for one without a feature.
enum StoreRefusals {
    /// Returns whether a refusal is the store's trouble of the moment, so that the same request may succeed later.
    static func isPassing(_ status: Int, _ code: String) -> Bool {
        if passingCodes.contains(code) { return true }
        if lastingCodes.contains(code) { return false }
        return passingStatuses.contains(status)
    }

    /// Returns whether the store does not know the credentials, or not any more.
    static func concernsCredentials(_ code: String) -> Bool { credentialCodes.contains(code) }

    /// Returns whether the bytes do not match what was signed or said of them.
    static func concernsBytes(_ code: String) -> Bool { byteCodes.contains(code) }

    private static let passingStatuses: Set<Int> = [408, 425, 429, 500, 502, 503, 504, 509, 529]

    private static let passingCodes: Set<String> = [
        "BandwidthLimitExceeded", "Busy", "IncompleteBody", "InternalError", "InternalFailure",
        "KMS.DependencyTimeoutException", "KMS.InternalException", "KMS.KMSInternalException",
        "KMS.KeyUnavailableException", "KMS.ThrottlingException", "OperationAborted",
        "PriorRequestNotComplete", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
        "RequestThrottled", "RequestThrottledException", "RequestTimeTooSkewed", "RequestTimeout",
        "RequestTimeoutException", "ServiceUnavailable", "SlowDown", "SlowDownRead",
        "SlowDownWrite",
        "Throttling", "ThrottlingException", "TooManyRequests", "TooManyRequestsException",
        "TransactionInProgressException", "XMinioServerNotInitialized",
    ]

    /// Those that come with a status that otherwise passes.
    private static let lastingCodes: Set<String> = [
        "AccessDenied", "AccountProblem", "AllAccessDisabled", "MethodNotAllowed", "NotImplemented",
        "NotSupported", "XMinioStorageFull",
    ]

    private static let credentialCodes: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "InvalidClientTokenId",
        "InvalidSecurity", "InvalidToken", "NotSignedUp", "SignatureDoesNotMatch",
        "TokenRefreshRequired", "UnrecognizedClientException",
    ]

    private static let byteCodes: Set<String> = [
        "BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch",
    ]
}
