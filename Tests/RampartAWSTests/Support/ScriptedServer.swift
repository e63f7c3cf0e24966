import Foundation

@testable import RampartAWS

/// A blocking HTTP server on the loopback interface, a thread a connection, that records what it is
/// sent and behaves as a test says.
final class ScriptedServer: Sendable {
    let port: Int
    private let behaviour: any ServerBehaviour
    private let recorded = Locked<[RecordedRequest]>([])

    private init(port: Int, behaviour: any ServerBehaviour) {
        self.port = port
        self.behaviour = behaviour
    }

    /// The requests so far, in the order of their heads.
    var requests: [RecordedRequest] { recorded.withLock { $0 } }

    /// The address without a path.
    var base: String { "http://127.0.0.1:\(port)" }

    /// Runs a server for as long as the body takes.
    static func run<Result>(
        _ behaviour: any ServerBehaviour,
        _ body: (ScriptedServer) throws -> Result
    ) rethrows -> Result {
        let listener = LoopbackListener()
        let server = ScriptedServer(port: listener.port, behaviour: behaviour)
        Thread.detachNewThread { server.acceptConnections(on: listener) }
        defer { listener.shutDown() }
        return try body(server)
    }

    private func acceptConnections(on listener: LoopbackListener) {
        var number = 0
        while let connection = listener.accept() {
            let own = number
            Thread.detachNewThread { self.serve(connection, number: own) }
            number += 1
        }
        listener.close()
    }

    private func serve(_ connection: LoopbackConnection, number: Int) {
        var buffer: [UInt8] = []
        while let request = readHead(from: connection, number, &buffer) {
            guard answer(request, over: connection, &buffer) else { return }
        }
        connection.close()
    }

    /// - Returns: whether the connection is still to be served.
    private func answer(
        _ head: RecordedRequest,
        over connection: LoopbackConnection,
        _ buffer: inout [UInt8]
    ) -> Bool {
        let number = recorded.withLock { requests in
            requests.append(head)
            return requests.count - 1
        }
        let reaction = behaviour.reaction(to: head, number: number)
        var length = head.headers["Content-Length"].flatMap { Int($0) } ?? 0
        if case .reset(let most) = reaction { length = min(length, most) }
        let body = readBody(of: length, from: connection, &buffer)
        recorded.withLock { $0[number].body = body }
        switch reaction {
        case .reply(let reply): connection.write(Self.bytes(of: reply))
        case .raw(let pieces): pieces.forEach(connection.write)
        case .hangUp:
            connection.close()
            return false
        case .reset:
            connection.reset()
            return false
        case .resetAfter(let bytes):
            connection.write(bytes)
            connection.reset()
            return false
        case .replyAndFallSilent(let reply):
            connection.write(Self.bytes(of: reply))
            while !connection.read(upTo: 64 << 10).isEmpty {}
            connection.close()
            return false
        case .stall:
            _ = connection.read(upTo: 1)
            connection.close()
            return false
        }
        return true
    }

    private func readHead(
        from connection: LoopbackConnection,
        _ number: Int,
        _ buffer: inout [UInt8]
    ) -> RecordedRequest? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = buffer.firstRange(of: end) {
                let head = String(decoding: buffer[..<range.lowerBound], as: UTF8.self)
                buffer.removeSubrange(..<range.upperBound)
                return RecordedRequest(head: head, connection: number)
            }
            let bytes = connection.read(upTo: 64 << 10)
            guard !bytes.isEmpty else { return nil }
            buffer += bytes
        }
    }

    private func readBody(
        of length: Int,
        from connection: LoopbackConnection,
        _ buffer: inout [UInt8]
    ) -> [UInt8] {
        while buffer.count < length {
            let bytes = connection.read(upTo: 64 << 10)
            guard !bytes.isEmpty else { break }
            buffer += bytes
        }
        let body = Array(buffer.prefix(length))
        buffer.removeFirst(body.count)
        return body
    }

    private static func bytes(of reply: HTTPResponse) -> [UInt8] {
        var head = "HTTP/1.1 \(reply.status) Scripted\r\nContent-Length: \(reply.body.count)\r\n"
        for header in reply.headers { head += "\(header.name): \(header.value)\r\n" }
        return Array((head + "\r\n").utf8) + reply.body
    }
}
