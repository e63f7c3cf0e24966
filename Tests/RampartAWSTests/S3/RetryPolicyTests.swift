import Testing

@testable import RampartAWS

@Suite("The retry policy")
struct RetryPolicyTests {
    private let start = ContinuousClock.now
    private let policy = RetryPolicy(
        mostAttempts: 6,
        base: .milliseconds(50),
        longest: .milliseconds(300),
        jitter: { 1 }
    )
    private let passing = StoreProblem.refused(status: 503, code: "SlowDown", region: nil)

    @Test func `waits up to twice as long each time, within a bound`() {
        let waits = (1...6).map { attempts in
            policy.nextAttempt(
                after: passing,
                attempts: attempts,
                at: start,
                until: start + .seconds(9)
            ).map { start.duration(to: $0) }
        }
        let expected: [Duration?] = [50, 100, 200, 300, 300].map { .milliseconds($0) } + [nil]
        #expect(waits == expected)
    }

    @Test(arguments: [0, 0.25, 0.5, 1])
    func `draws the wait from nothing to its bound`(draw: Double) {
        let policy = RetryPolicy(base: .milliseconds(100), jitter: { draw })
        let next = policy.nextAttempt(
            after: passing,
            attempts: 1,
            at: start,
            until: start + .seconds(1)
        )
        #expect(next == start + .milliseconds(100) * draw)
    }

    @Test func `plans no attempt that would begin when all must be over`() {
        let end = start + .milliseconds(50)
        #expect(policy.nextAttempt(after: passing, attempts: 1, at: start, until: end) == nil)
        let later = end + .milliseconds(1)
        #expect(policy.nextAttempt(after: passing, attempts: 1, at: start, until: later) == end)
    }

    @Test(arguments: [
        (500, "InternalError", true), (502, "HTTP502", true), (503, "SlowDown", true),
        (429, "HTTP429", true), (400, "RequestTimeout", true), (403, "RequestTimeTooSkewed", true),
        (200, "InternalError", true), (409, "OperationAborted", true), (403, "AccessDenied", false),
        (404, "NoSuchKey", false), (400, "BadDigest", false), (301, "PermanentRedirect", false),
        (412, "PreconditionFailed", false), (204, "HTTP204", false),
        (501, "NotImplemented", false), (501, "HTTP501", false), (503, "NotImplemented", false),
        (505, "HTTP505", false), (507, "XMinioStorageFull", false), (511, "HTTP511", false),
        (504, "HTTP504", true), (408, "HTTP408", true), (409, "HTTP409", false),
        (400, "KMS.ThrottlingException", true), (400, "ThrottlingException", true),
        (400, "KMS.DisabledException", false), (400, "ExpiredToken", false),
        (503, "XMinioServerNotInitialized", true), (200, "NotImplemented", false),
    ])
    func `repeats what passes and nothing else`(status: Int, code: String, repeats: Bool) {
        let problem = StoreProblem.refused(status: status, code: code, region: nil)
        let next = policy.nextAttempt(after: problem, attempts: 1, until: .farAway)
        #expect((next != nil) == repeats)
    }

    @Test(arguments: [
        (TransportError.Kind.connectionLost, true), (.connectionFailed, true), (.timedOut, true),
        (.stalled, true), (.stopped, false), (.nameNotResolved, true), (.secureChannelFailed, true),
        (.malformedReply, true),
        (.certificateRefused, false), (.replyTooLarge, false), (.bodyUnreadable, false),
        (.requestInvalid, false),
    ])
    func `repeats what the network may do better next time`(
        kind: TransportError.Kind,
        repeats: Bool
    ) {
        let problem = StoreProblem.broken(TransportError(kind, ""))
        let next = policy.nextAttempt(after: problem, attempts: 1, until: .farAway)
        #expect((next != nil) == repeats)
    }
}
