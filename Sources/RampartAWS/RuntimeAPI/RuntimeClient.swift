import Glibc
package import RampartCore

/// The Lambda Runtime API's client: takes invocations and posts one answer to each.
///
/// What a thrown ``Fault`` asks of the caller is told by its kind:
///
/// | kind | from | what to do |
/// | --- | --- | --- |
/// | `.api` | any call | the environment is broken: exit non-zero |
/// | `.tainted` | a post | another process has answered this id: log loudly, do not post again |
/// | `.deadline` | a post | the invocation has timed out: drop it, take the next |
/// | `.answerRefused` | a post | it is too large (the caller knows) or was cut short: log, take the next |
///
/// After a failed post nothing more is posted for the same id. `docs/runtime-api.md` has it in full.
package final class RuntimeClient: InvocationTransport {
    private let base: String
    private let transport: Transport
    private let intake: CInt?
    private let wallClock: () -> Int64
    private let pause: (Duration) -> Void
    /// The platform's own id of the invocation that was taken last, with its request id.
    private var open: (requestID: String, echo: HTTPHeader)?

    /// - Parameters:
    ///   - address: where the Runtime API listens.
    ///   - settings: the transport's bounds.
    ///   - intake: a descriptor that becomes readable when no further invocation is to be taken; nil: that of
    ///     the settings.
    ///   - wallClock: milliseconds since 1970, now.
    ///   - pause: waits so long.
    package init(
        _ address: RuntimeAddress,
        settings: TransportSettings = .runtimeAPI,
        intake: CInt? = nil,
        wallClock: @escaping () -> Int64 = RuntimeClient.unixMilliseconds,
        pause: @escaping (Duration) -> Void = RuntimeClient.sleep
    ) {
        base = "\(address.base)/2018-06-01"
        transport = Transport(settings, keeping: 1)
        self.intake = intake
        self.wallClock = wallClock
        self.pause = pause
    }

    /// Waits for the next invocation, however long that takes.
    ///
    /// - Throws: a ``Fault`` of kind `.api` once the tries are used up, or at once on a 500 and where the
    ///   process is to stop.
    package func next() throws(Fault) -> Invocation {
        var lost = RuntimeBackOff.connectionLost[...]
        var outOfTurn = RuntimeBackOff.outOfTurn[...]
        let request = HTTPRequest(
            .get,
            "\(base)/runtime/invocation/next",
            headers: [Self.userAgent],
            mostReplyBytes: Self.mostEventBytes
        )
        while true {
            let reply: HTTPResponse
            do throws(TransportError) {
                reply = try transport.send(request, grace: .zero, interrupt: intake)
            } catch {
                guard error.isWorthRepeating, let wait = lost.popFirst() else {
                    throw Fault(.api, couldNot: Self.take, cause: error.detail)
                }
                pause(wait)
                continue
            }
            guard reply.status == 403, let wait = outOfTurn.popFirst() else {
                return try invocation(in: reply)
            }
            pause(wait)
        }
    }

    /// Posts the answer.
    package func respond(to requestID: String, with envelope: [UInt8]) throws(Fault) {
        let headers = [HTTPHeader("Content-Type", "application/json")]
        try send(.answer(requestID: requestID), headers + echo(of: requestID), envelope)
    }

    /// Posts a fault instead of an answer.
    package func report(_ fault: Fault, for requestID: String) throws(Fault) {
        let report = RuntimeErrorReport(of: fault)
        try send(.fault(requestID: requestID), report.headers + echo(of: requestID), report.body)
    }

    /// Posts why the runtime cannot start; then it is to exit non-zero.
    package func reportInit(_ fault: Fault) throws(Fault) {
        let report = RuntimeErrorReport(of: fault)
        try send(.initFault, report.headers, report.body)
    }

    private func invocation(in reply: HTTPResponse) throws(Fault) -> Invocation {
        guard reply.status == 200 else {
            let cause = "the Runtime API answered \(reply.status)"
            throw Fault(.api, couldNot: Self.take, cause: cause)
        }
        guard let requestID = header("Lambda-Runtime-Aws-Request-Id", of: reply) else {
            throw Fault(.api, couldNot: Self.take, cause: "it came without a request id")
        }
        open = header(Self.invocationID, of: reply).map {
            (requestID, HTTPHeader(Self.invocationID, $0))
        }
        let deadline = header("Lambda-Runtime-Deadline-Ms", of: reply).flatMap { Int64($0) }
        return Invocation(
            requestID: requestID,
            payload: reply.body,
            deadline: deadline.map { Deadline(unixMilliseconds: $0, wallClock: wallClock()) },
            traceID: header("Lambda-Runtime-Trace-Id", of: reply),
            tenantID: header("Lambda-Runtime-Aws-Tenant-Id", of: reply),
            functionARN: header("Lambda-Runtime-Invoked-Function-Arn", of: reply),
            clientContext: header("Lambda-Runtime-Client-Context", of: reply),
            cognitoIdentity: header("Lambda-Runtime-Cognito-Identity", of: reply)
        )
    }

    /// The platform's own id of an invocation, which it wants back so that a late answer cannot reach another one;
    /// none where it gave none.
    private func echo(of requestID: String) -> [HTTPHeader] {
        guard let open, open.requestID == requestID, open.echo.isSafe else { return [] }
        return [open.echo]
    }

    private func header(_ name: String, of reply: HTTPResponse) -> String? {
        reply.headers[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func send(
        _ post: RuntimePost,
        _ headers: [HTTPHeader],
        _ body: [UInt8]
    ) throws(Fault) {
        let request = HTTPRequest(
            .post,
            base + post.path,
            headers: [Self.userAgent] + headers,
            body: .bytes(body)
        )
        let (reply, isRepeat) = try sendOnceOrTwice(request, post.action)
        let reaction = RuntimeReaction(to: reply, of: post, isRepeat: isRepeat)
        if case .refused(let fault) = reaction { throw fault }
    }

    /// Sends a post, and once more where its connection was lost before any of the reply arrived.
    private func sendOnceOrTwice(
        _ request: HTTPRequest,
        _ action: String
    ) throws(Fault) -> (reply: HTTPResponse, isRepeat: Bool) {
        do throws(TransportError) {
            return (try transport.send(request), false)
        } catch {
            guard error.isWorthRepeating, !error.receivedAnything else {
                throw Fault(.api, couldNot: action, cause: error.detail)
            }
        }
        do throws(TransportError) {
            return (try transport.send(request), true)
        } catch {
            throw Fault(.api, couldNot: action, cause: error.detail)
        }
    }

    /// Milliseconds since 1970, by the system's clock.
    package static func unixMilliseconds() -> Int64 { WallClock.unixMilliseconds() }

    /// Holds the calling thread so long.
    ///
    /// The corresponding C function is `usleep`.
    package static func sleep(_ duration: Duration) {
        usleep(useconds_t(clamping: duration.wholeMilliseconds * 1000))
    }

    static let userAgent = HTTPHeader("User-Agent", "rampart/\(Engine.version)")

    private static let invocationID = "Lambda-Runtime-Invocation-Id"
    private static let take = "take the next invocation"
    /// Above the platform's own 6 MB (6,291,556 bytes), so that only a broken platform meets it.
    private static let mostEventBytes = 8 << 20
}
