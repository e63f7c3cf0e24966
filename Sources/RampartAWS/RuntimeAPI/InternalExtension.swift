package import RampartCore

/// A registration as an internal extension, which earns the runtime a SIGTERM before it is killed.
///
/// It is registered for no event, so its one call for the next event hangs while the environment lives. That
/// takes no thread: nobody reads the reply, and the connection stays open as long as this object lives.
package final class InternalExtension {
    private let base: String
    private let identifier: String
    private let waiting: Transport

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
        waiting = Transport(settings, keeping: 1)
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

    /// Calls for the next event, of which none is to come, on a connection of its own, and returns when the
    /// call is out.
    ///
    /// - Throws: a ``Fault`` where the platform cannot be reached or does not let it wait.
    package func beginWaiting() throws(Fault) {
        let request = HTTPRequest(
            .get,
            "\(base)/event/next",
            headers: [
                RuntimeClient.userAgent, HTTPHeader("Lambda-Extension-Identifier", identifier),
            ]
        )
        do throws(TransportError) {
            try waiting.sendAndLeave(request, within: Self.callBound)
        } catch {
            throw Fault(.api, couldNot: "wait as an extension", cause: error.detail)
        }
    }

    private static func send(
        _ request: HTTPRequest,
        over transport: Transport,
        to action: String
    ) throws(Fault) -> HTTPResponse {
        let reply: HTTPResponse
        do throws(TransportError) {
            reply = try transport.send(request, until: .now.advanced(by: callBound))
        } catch {
            throw Fault(.api, couldNot: action, cause: error.detail)
        }
        guard reply.status == 200 else {
            throw Fault(.api, couldNot: action, cause: "the platform answered \(reply.status)")
        }
        return reply
    }

    /// Registration must not hold up the start of an environment where it hangs.
    private static let callBound = Duration.seconds(1)
}
