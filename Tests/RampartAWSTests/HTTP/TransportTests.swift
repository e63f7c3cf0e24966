import Foundation
import RampartCore
import Testing

@testable import RampartAWS

@Suite("The transport")
struct TransportTests {
    private let transport = Transport(TransportSettings())

    @Test func `gives what is under way up once the process is to stop, after a grace`() {
        ScriptedServer.run(InTurn(.stall)) { server in
            let (raised, silent) = (Interrupt(isRaised: true), Interrupt(isRaised: false))
            let stopped = Transport(TransportSettings().interrupted(by: raised.descriptor))
            for grace in [Duration.zero, .milliseconds(100)] {
                let start = ContinuousClock.now
                let error = #expect(throws: TransportError.self) {
                    try stopped.send(HTTPRequest(.get, server.base), grace: grace)
                }
                #expect(error?.kind == .stopped)
                #expect(error?.isWorthRepeating == false)
                #expect(start.duration(to: .now) >= grace)
                #expect(start.duration(to: .now) < .seconds(5))
            }
            let going = Transport(TransportSettings().interrupted(by: silent.descriptor))
            let error = #expect(throws: TransportError.self) {
                let instant = ContinuousClock.now + .milliseconds(50)
                _ = try going.send(HTTPRequest(.get, server.base), until: instant)
            }
            #expect(error?.kind == .timedOut)
        }
    }

    @Test func `lets what is under way end within the grace`() throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            let interrupt = Interrupt(isRaised: true)
            let stopped = Transport(TransportSettings().interrupted(by: interrupt.descriptor))
            let reply = try stopped.send(HTTPRequest(.get, server.base), grace: .seconds(5))
            #expect(reply.status == 200)
        }
    }

    @Test func `sends the request's own headers and no more`() throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            let body = HTTPBody.bytes([UInt8](repeating: 1, count: 3_000_000))
            let request = HTTPRequest(
                .put,
                "\(server.base)/x",
                headers: [HTTPHeader("X-One", "1"), HTTPHeader("X-Empty", "")],
                body: body
            )
            _ = try transport.send(request)
            let names = server.requests.first?.headerNames
            #expect(names == ["content-length", "host", "x-empty", "x-one"])
        }
    }

    @Test func `finds a reply's header whatever its case`() throws {
        try ScriptedServer.run(InTurn(.status(204, [HTTPHeader("eTaG", "  \"1\"  ")]))) { server in
            let reply = try transport.send(HTTPRequest(.get, server.base))
            #expect(reply.headers["ETag"] == "\"1\"")
            #expect(reply.status == 204)
        }
    }

    @Test func `takes the reply that follows an interim one`() throws {
        let text =
            "HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nX-A: late\r\nContent-Length: 2\r\n\r\nok"
        try ScriptedServer.run(InTurn(.raw([Array(text.utf8)]))) { server in
            let reply = try transport.send(HTTPRequest(.get, server.base))
            #expect(reply.headers["X-A"] == "late")
            #expect(reply.body == Array("ok".utf8))
        }
    }

    @Test(arguments: [301, 302, 307, 308])
    func `does not follow a redirect`(status: Int) throws {
        try ScriptedServer.run(InTurn(.status(status, [HTTPHeader("Location", "/other")]))) {
            server in
            let reply = try transport.send(HTTPRequest(.get, "\(server.base)/one"))
            #expect(reply.status == status)
            #expect(server.requests.map(\.target) == ["/one"])
        }
    }

    @Test func `leaves dots in a path alone`() throws {
        try ScriptedServer.run(InTurn(.status(200))) { server in
            _ = try transport.send(HTTPRequest(.get, "\(server.base)/a/../b/./c//d"))
            #expect(server.requests.first?.target == "/a/../b/./c//d")
        }
    }

    @Test(arguments: [true, false])
    func `breaks a reply off that is larger than its bound`(isChunked: Bool) {
        let head =
            isChunked ? "Transfer-Encoding: chunked\r\n\r\nb\r\n" : "Content-Length: 11\r\n\r\n"
        let text = "HTTP/1.1 200 OK\r\n\(head)01234567890\r\n0\r\n\r\n"
        ScriptedServer.run(InTurn(.raw([Array(text.utf8)]))) { server in
            let request = HTTPRequest(.get, server.base, mostReplyBytes: 10)
            let error = #expect(throws: TransportError.self) { try transport.send(request) }
            #expect(error?.kind == .replyTooLarge)
        }
    }

    @Test func `keeps the beginning of an error's body, whatever the bound`() throws {
        let body = String(repeating: "x", count: 100_000)
        try ScriptedServer.run(InTurn(.status(404, [], body))) { server in
            let request = HTTPRequest(.get, server.base, mostReplyBytes: 10)
            let reply = try transport.send(request)
            #expect(reply.body.count == 65_536)
        }
    }

    @Test func `says that nothing arrived where the connection was reset first`() {
        ScriptedServer.run(InTurn(.reset(afterBodyBytes: 0))) { server in
            let request = HTTPRequest(.get, server.base)
            let error = #expect(throws: TransportError.self) { try transport.send(request) }
            #expect(error?.kind == .connectionLost)
            #expect(error?.receivedAnything == false)
        }
    }

    @Test func `says that something arrived where a reply broke off`() {
        let part = Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".utf8)
        ScriptedServer.run(InTurn(.resetAfter(part))) { server in
            let request = HTTPRequest(.get, server.base)
            let error = #expect(throws: TransportError.self) { try transport.send(request) }
            #expect(error?.kind == .connectionLost)
            #expect(error?.receivedAnything == true)
        }
    }

    @Test func `says so where what answers does not speak HTTP`() {
        ScriptedServer.run(InTurn(.raw([Array("220 mail ready\r\n".utf8)]))) { server in
            let request = HTTPRequest(.get, server.base)
            let error = #expect(throws: TransportError.self) { try transport.send(request) }
            #expect(error?.kind == .malformedReply)
        }
    }

    @Test func `cannot connect where nobody listens`() {
        let listener = LoopbackListener()
        listener.close()
        let request = HTTPRequest(.get, "http://127.0.0.1:\(listener.port)/")
        let error = #expect(throws: TransportError.self) { try transport.send(request) }
        #expect(error?.kind == .connectionFailed)
        #expect(error?.receivedAnything == false)
    }

    @Test func `gives a stalled server up when the time is over`() {
        ScriptedServer.run(InTurn(.stall)) { server in
            let request = HTTPRequest(.get, server.base)
            let error = #expect(throws: TransportError.self) {
                try transport.send(request, until: .now + .milliseconds(50))
            }
            #expect(error?.kind == .timedOut)
        }
    }

    @Test func `sends nothing where the time is over before it begins`() {
        ScriptedServer.run(InTurn(.status(200))) { server in
            let error = #expect(throws: TransportError.self) {
                try transport.send(HTTPRequest(.get, server.base), until: .now)
            }
            #expect(error?.kind == .timedOut)
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: [
        HTTPHeader("X-A", "1\r\nX-B: 2"), HTTPHeader("X-A", "1\n"), HTTPHeader("X A", "1"),
        HTTPHeader("", "1"), HTTPHeader("X-A", "\u{0}"), HTTPHeader("X-A:", "1"),
    ])
    func `refuses a header that would begin another`(header: HTTPHeader) {
        ScriptedServer.run(InTurn(.status(200))) { server in
            let request = HTTPRequest(.get, server.base, headers: [header])
            let error = #expect(throws: TransportError.self) { try transport.send(request) }
            #expect(error?.kind == .requestInvalid)
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: ["ftp://127.0.0.1/x", "file:///etc/passwd", "not an address", ""])
    func `speaks HTTP alone`(url: String) {
        #expect(throws: TransportError.self) { try transport.send(HTTPRequest(.get, url)) }
    }

    @Test func `reads what it sends in pieces of 64 KB`() throws {
        let content = PatternContent(byteCount: 5_000_001)
        try ScriptedServer.run(InTurn(.status(200))) { server in
            let request = HTTPRequest(.put, server.base, body: .content(content))
            _ = try transport.send(request)
            #expect(server.requests.first?.body == content.all)
            #expect(content.largestRead <= 64 << 10)
        }
    }

    @Test func `breaks off where what it sends cannot be read`() {
        ScriptedServer.run(InTurn(.status(200))) { server in
            let content = ShrunkenContent(byteCount: 10)
            let request = HTTPRequest(.put, server.base, body: .content(content))
            let error = #expect(throws: TransportError.self) { try transport.send(request) }
            #expect(error?.kind == .bodyUnreadable)
            #expect(error?.detail.contains("it has become shorter") == true)
        }
    }

    @Test func `heeds no proxy of the environment`() async {
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"] {
                ProcessEnvironment.set(name, to: "http://127.0.0.1:1")
            }
            try ScriptedServer.run(InTurn(.status(200))) { server in
                let request = HTTPRequest(.get, server.base)
                let reply = try Transport(TransportSettings()).send(request)
                exit(reply.status == 200 ? 0 : 1)
            }
        }
    }

    @Test func `hands no socket to a child process`() async {
        await #expect(processExitsWith: .success) {
            try ScriptedServer.run(InTurn(.status(200))) { server in
                let transport = Transport(TransportSettings())
                let before = OpenDescriptors.withoutCloseOnExec()
                _ = try transport.send(HTTPRequest(.get, server.base))
                // One more at most: the server's own end.
                let after = OpenDescriptors.withoutCloseOnExec().subtracting(before)
                exit(after.count { OpenDescriptors.isConnected($0, to: server.port) } == 0 ? 0 : 1)
            }
        }
    }
}
