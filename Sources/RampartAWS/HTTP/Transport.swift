/// HTTP/1.1 with connections that are kept between calls, on the caller's thread.
///
/// Neither proxies nor redirects are followed, and no header is sent that the request does not name.
/// Not to be used by two threads at once.
package final class Transport {
    private let settings: TransportSettings
    private let connections: Int
    private var multi: MultiHandle
    /// Whether a connection proved dead, so that those kept beside it may be dead too.
    private var isInDoubt = false

    /// - Parameters:
    ///   - settings: the bounds of every transfer.
    ///   - connections: how many are kept open between calls.
    package init(_ settings: TransportSettings, keeping connections: Int = 8) {
        self.settings = settings
        self.connections = connections
        multi = MultiHandle(keeping: connections)
    }

    /// Sends one request once.
    ///
    /// - Parameters:
    ///   - request: what is sent.
    ///   - instant: when it is given up; nil: never.
    ///   - grace: how long it may go on once the process is to stop.
    ///   - interrupt: a descriptor that says so; nil: that of the settings.
    /// - Returns: the reply, whatever its status.
    /// - Throws: a ``TransportError`` where there is no complete reply.
    func send(
        _ request: HTTPRequest,
        until instant: ContinuousClock.Instant? = nil,
        grace: Duration = Transport.grace,
        interrupt: CInt? = nil
    ) throws(TransportError) -> HTTPResponse {
        var plan = SingleTransfer(request: request)
        run(&plan, atMost: 1, until: instant, grace: grace, interrupt: interrupt)
        return try plan.result.get()
    }

    /// Sends one request without a body, and returns when it is out; its reply is never read, and its
    /// connection stays open as long as this transport lives.
    ///
    /// - Throws: a ``TransportError`` where it is not out in time, or is answered at once.
    func sendAndLeave(_ request: HTTPRequest, within bound: Duration) throws(TransportError) {
        let end = ContinuousClock.now.advanced(by: bound)
        let transfer = try EasyHandle(request, settings)
        try multi.add(transfer)
        while !transfer.hasSentRequest {
            multi.advance()
            if let (_, result) = multi.takeFinished() {
                throw try .init(.malformedReply, "it was answered with \(result.get().status)")
            }
            guard ContinuousClock.now < end else {
                multi.remove(transfer)
                throw TransportError(.timedOut, "the time was up")
            }
            _ = multi.wait(milliseconds: 10)
        }
    }

    /// Sends a plan's requests, and returns when each is settled, at the latest at `instant`.
    ///
    /// - Parameters:
    ///   - plan: what is sent, and whether again.
    ///   - width: the most transfers at one time.
    ///   - instant: then all that is not settled is settled as timed out.
    ///   - grace: how long the plan may go on once the process is to stop.
    ///   - interrupt: a descriptor that says so; nil: that of the settings.
    func run(
        _ plan: inout some TransferPlan,
        atMost width: Int,
        until instant: ContinuousClock.Instant?,
        grace: Duration = Transport.grace,
        interrupt: CInt? = nil
    ) {
        var queue = TransferQueue(
            count: plan.count,
            stallBound: settings.stallBound,
            until: instant
        )
        while let step = queue.nextStep(atMost: width) {
            switch step {
            case .start(let index): start(index, of: &plan, in: &queue)
            case .wait(let milliseconds):
                if wait(milliseconds, for: &plan, in: &queue, interrupt ?? settings.interrupt) {
                    queue.hurry(until: .now.advanced(by: grace))
                }
            case .giveUp(let index, let transfer, let reason):
                if let transfer {
                    multi.remove(transfer)
                    note(reason)
                }
                queue.settled(index, again: plan.settle(index, .failure(reason)))
            }
        }
    }

    /// How long an upload, and after it the answer, may each go on once the process is to stop: the two of
    /// them together take the 300 ms that an answer under way is given.
    static let grace = Duration.milliseconds(150)

    private func start(
        _ index: Int,
        of plan: inout some TransferPlan,
        in queue: inout TransferQueue
    ) {
        do {
            forgetConnectionsInDoubt()
            let transfer = try EasyHandle(
                plan.request(index),
                settings,
                onNewConnection: isInDoubt
            )
            try multi.add(transfer)
            queue.started(index, as: transfer)
        } catch {
            queue.settled(index, again: plan.settle(index, .failure(error)))
        }
    }

    private func note(_ error: TransportError) {
        if error.castsDoubtOnOthers { isInDoubt = true }
    }

    /// Closes the kept connections where one of them proved dead, so that the next is new; while transfers are
    /// under way that cannot be, and each that begins is told to take a new one.
    private func forgetConnectionsInDoubt() {
        guard isInDoubt, multi.isIdle else { return }
        multi = MultiHandle(keeping: connections)
        isInDoubt = false
    }

    /// - Returns: whether the process is to stop, where that was not known before.
    private func wait(
        _ milliseconds: Int,
        for plan: inout some TransferPlan,
        in queue: inout TransferQueue,
        _ interrupt: CInt
    ) -> Bool {
        multi.advance()
        var hasFinished = false
        while let (transfer, result) = multi.takeFinished() {
            hasFinished = true
            if case .failure(let error) = result { note(error) }
            if let index = queue.finished(transfer) {
                queue.settled(index, again: plan.settle(index, result))
            }
        }
        if hasFinished { return false }
        // Once it is readable it stays so, and would end every wait.
        return multi.wait(
            milliseconds: milliseconds,
            interrupt: queue.isHurried ? -1 : interrupt
        )
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
