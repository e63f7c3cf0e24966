package import RampartCore

/// A registration as an internal extension, which earns the runtime a SIGTERM before it is killed.
///
/// It is registered for no event. ``waitForEvent()`` does not return while the environment lives, so
/// it needs a thread of its own.
package struct InternalExtension: Sendable {
    private let base: String
    private let identifier: String
    private let settings: TransportSettings

    /// Registers with the platform; allowed only before the runtime's first `next`.
    ///
    /// - Parameters:
    ///   - name: what the platform's logs call it.
    ///   - address: where the Runtime API listens.
    ///   - settings: the transport's bounds.
    /// - Throws: a ``Fault`` where the platform refuses.
    package init(
        named name: String,
        at address: RuntimeAddress,
        settings: TransportSettings = .runtimeAPI
    ) throws(Fault) {
        base = "\(address.base)/2020-01-01/extension"
        self.settings = settings
        let request = HTTPRequest(
            .post,
            "\(base)/register",
            headers: [
                RuntimeClient.userAgent,
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Lambda-Extension-Name", name),
            ],
            body: .bytes(Array(#"{"events":[]}"#.utf8))
        )
        let reply = try Self.send(request, over: Transport(settings), to: "register for SIGTERM")
        guard let identifier = reply.headers["Lambda-Extension-Identifier"] else {
            let cause = "the platform gave no identifier"
            throw Fault(.api, couldNot: "register for SIGTERM", cause: cause)
        }
        self.identifier = identifier
    }

    /// Waits for an event, of which none is to come, on a connection of its own.
    ///
    /// - Throws: a ``Fault`` where the platform ends the wait.
    package func waitForEvent() throws(Fault) {
        let request = HTTPRequest(
            .get,
            "\(base)/event/next",
            headers: [
                RuntimeClient.userAgent, HTTPHeader("Lambda-Extension-Identifier", identifier),
            ]
        )
        _ = try Self.send(request, over: Transport(settings), to: "wait as an extension")
    }

    private static func send(
        _ request: HTTPRequest,
        over transport: Transport,
        to action: String
    ) throws(Fault) -> HTTPResponse {
        let reply: HTTPResponse
        do throws(TransportError) {
            reply = try transport.send(request)
        } catch {
            throw Fault(.api, couldNot: action, cause: error.detail)
        }
        guard reply.status == 200 else {
            throw Fault(.api, couldNot: action, cause: "the platform answered \(reply.status)")
        }
        return reply
    }
}
