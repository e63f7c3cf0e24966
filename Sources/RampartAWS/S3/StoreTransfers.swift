/// Requests to a store, each sent until it succeeds or its problem is there to stay.
struct StoreTransfers: TransferPlan {
    /// What each came to.
    var results: [Result<HTTPResponse, StoreProblem>] {
        settled.map { $0 ?? .failure(.broken(Self.notSent)) }
    }

    private let make: (Int) -> HTTPRequest
    private let read: (Int, HTTPResponse) -> StoreProblem?
    private let policy: RetryPolicy
    private let instant: ContinuousClock.Instant
    private var attempts: [Int]
    private var settled: [Result<HTTPResponse, StoreProblem>?]

    /// - Parameters:
    ///   - count: how many there are.
    ///   - policy: when one is sent again.
    ///   - instant: by when all must be over.
    ///   - make: makes a request as it is to be sent now.
    ///   - read: reads the problem off a reply; nil: it is a success.
    init(
        count: Int,
        policy: RetryPolicy,
        until instant: ContinuousClock.Instant,
        make: @escaping (Int) -> HTTPRequest,
        read: @escaping (Int, HTTPResponse) -> StoreProblem?
    ) {
        self.make = make
        self.read = read
        self.policy = policy
        self.instant = instant
        settled = Array(repeating: nil, count: count)
        attempts = Array(repeating: 0, count: count)
    }

    var count: Int { settled.count }

    mutating func request(_ index: Int) -> HTTPRequest {
        attempts[index] += 1
        return make(index)
    }

    mutating func settle(
        _ index: Int,
        _ result: Result<HTTPResponse, TransportError>
    ) -> ContinuousClock.Instant? {
        switch result {
        case .success(let reply):
            guard let problem = read(index, reply) else {
                settled[index] = .success(reply)
                return nil
            }
            return settle(index, problem)
        case .failure(let error):
            return settle(index, .broken(error))
        }
    }

    private mutating func settle(
        _ index: Int,
        _ problem: StoreProblem
    ) -> ContinuousClock.Instant? {
        // What the store said of an earlier attempt tells more than that the time was up.
        if case .broken(let error) = problem, error.kind == .timedOut, settled[index] != nil {
            return nil
        }
        settled[index] = .failure(problem)
        return policy.nextAttempt(after: problem, attempts: attempts[index], until: instant)
    }

    private static let notSent = TransportError(.timedOut, "the time was up before it was sent")
}
