/// HTTP/1.1 with connections that are kept between calls, on the caller's thread.
///
/// Neither proxies nor redirects are followed, and no header is sent that the request does not name.
/// Not to be used by two threads at once.
package final class Transport {
    private let settings: TransportSettings
    private let multi: MultiHandle

    /// - Parameters:
    ///   - settings: the bounds of every transfer.
    ///   - connections: how many are kept open between calls.
    package init(_ settings: TransportSettings, keeping connections: Int = 8) {
        self.settings = settings
        multi = MultiHandle(keeping: connections)
    }

    /// Sends one request once.
    ///
    /// - Parameters:
    ///   - request: what is sent.
    ///   - instant: when it is given up; nil: never.
    /// - Returns: the reply, whatever its status.
    /// - Throws: a ``TransportError`` where there is no complete reply.
    func send(
        _ request: HTTPRequest,
        until instant: ContinuousClock.Instant? = nil
    ) throws(TransportError) -> HTTPResponse {
        var plan = SingleTransfer(request: request)
        run(&plan, atMost: 1, until: instant)
        return try plan.result.get()
    }

    /// Sends a plan's requests, and returns when each is settled, at the latest at `instant`.
    ///
    /// - Parameters:
    ///   - plan: what is sent, and whether again.
    ///   - width: the most transfers at one time.
    ///   - instant: then all that is not settled is settled as timed out.
    func run(
        _ plan: inout some TransferPlan,
        atMost width: Int,
        until instant: ContinuousClock.Instant?
    ) {
        var queue = TransferQueue(count: plan.count, until: instant)
        while let step = queue.nextStep(atMost: width) {
            switch step {
            case .start(let index): start(index, of: &plan, in: &queue)
            case .wait(let milliseconds): wait(milliseconds, for: &plan, in: &queue)
            case .giveUp(let index, let transfer):
                if let transfer { multi.remove(transfer) }
                _ = plan.settle(index, .failure(TransportError(.timedOut, "the time was up")))
            }
        }
    }

    private func start(
        _ index: Int,
        of plan: inout some TransferPlan,
        in queue: inout TransferQueue
    ) {
        do {
            let transfer = try EasyHandle(plan.request(index), settings)
            try multi.add(transfer)
            queue.started(index, as: transfer)
        } catch {
            queue.settled(index, again: plan.settle(index, .failure(error)))
        }
    }

    private func wait(
        _ milliseconds: Int,
        for plan: inout some TransferPlan,
        in queue: inout TransferQueue
    ) {
        multi.advance()
        var hasFinished = false
        while let (transfer, result) = multi.takeFinished() {
            hasFinished = true
            if let index = queue.finished(transfer) {
                queue.settled(index, again: plan.settle(index, result))
            }
        }
        if !hasFinished { multi.wait(milliseconds: milliseconds) }
    }
}

/// One request, sent once.
private struct SingleTransfer: TransferPlan {
    let request: HTTPRequest
    var result: Result<HTTPResponse, TransportError> = .failure(
        TransportError(.timedOut, "the time was up")
    )

    var count: Int { 1 }

    func request(_ index: Int) -> HTTPRequest { request }

    mutating func settle(
        _ index: Int,
        _ result: Result<HTTPResponse, TransportError>
    ) -> ContinuousClock.Instant? {
        self.result = result
        return nil
    }
}
