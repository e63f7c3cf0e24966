import RampartCore
import Testing

@testable import RampartAWS

@Suite("A post to the Runtime API")
struct PostTests {
    private let fault = Fault(
        .zygoteGone,
        couldNot: "run \"the script\"",
        cause: "line one\nline two \u{7F} é 🙂"
    )

    @Test func `passes the answer on byte for byte`() throws {
        let answer = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try ScriptedServer.run(InTurn(.status(202))) { server in
            try RuntimeClient.make(server).respond(to: "id-1", with: answer)
            let request = try #require(server.requests.first)
            #expect(request.line == "POST /2018-06-01/runtime/invocation/id-1/response")
            #expect(request.body == answer)
            #expect(request.headers["Content-Length"] == "300000")
            #expect(request.headers["Content-Type"] == "application/json")
        }
    }

    @Test func `expects no interim reply, however large it is`() throws {
        let answer = [UInt8](repeating: 0x20, count: 6_000_000)
        try ScriptedServer.run(InTurn(.status(202))) { server in
            try RuntimeClient.make(server).respond(to: "id-1", with: answer)
            let request = try #require(server.requests.first)
            #expect(
                request.headerNames == ["content-length", "content-type", "host", "user-agent"]
            )
            #expect(request.body.count == answer.count)
        }
    }

    @Test
    func `gives the platform's own id of the invocation back, with an answer and with a fault`()
        throws
    {
        let id = HTTPHeader("Lambda-Runtime-Invocation-Id", "inv-7")
        let behaviour = InTurn(
            .invocation(id: "r-1", [id]),
            .status(202),
            .status(202),
            .invocation(id: "r-2"),
            .status(202)
        )
        try ScriptedServer.run(behaviour) { server in
            let client = try RuntimeClient.make(server)
            _ = try client.next()
            try client.respond(to: "r-1", with: [])
            try client.report(fault, for: "r-1")
            _ = try client.next()
            try client.respond(to: "r-2", with: [])
            let echoes = server.requests.map { $0.headers["Lambda-Runtime-Invocation-Id"] }
            #expect(echoes == [nil, "inv-7", "inv-7", nil, nil])
        }
    }

    @Test func `may be empty`() throws {
        try ScriptedServer.run(InTurn(.status(202))) { server in
            try RuntimeClient.make(server).respond(to: "id-1", with: [])
            #expect(server.requests.first?.headers["Content-Length"] == "0")
        }
    }

    @Test func `encodes the id in its path`() throws {
        try ScriptedServer.run(InTurn(.status(202))) { server in
            try RuntimeClient.make(server).respond(to: "a/b?c d%é", with: [])
            let path = "/2018-06-01/runtime/invocation/a%2Fb%3Fc%20d%25%C3%A9/response"
            #expect(server.requests.first?.target == path)
        }
    }

    @Test(arguments: [
        (400, "InvalidRequestID", Fault.Kind.tainted),
        (403, "InvalidStateTransition", .tainted),
        (400, "TruncatedHTTPRequest", .answerRefused),
        (410, "InvokeTimeout", .deadline),
        (413, "RequestEntityTooLarge", .answerRefused),
        (500, "InternalServerError", .api),
        (302, "", .api),
        (200, "", .api),
    ])
    func `tells the reaction by the kind of its fault`(
        status: Int,
        errorType: String,
        kind: Fault.Kind
    ) throws {
        try ScriptedServer.run(InTurn(.refusal(status, errorType))) { server in
            let client = try RuntimeClient.make(server)
            let onAnswer = #expect(throws: Fault.self) { try client.respond(to: "1", with: []) }
            #expect(onAnswer?.kind == kind)
            let onFault = #expect(throws: Fault.self) { try client.report(fault, for: "1") }
            #expect(onFault?.kind == kind)
            #expect(server.requests.count == 2)
        }
    }

    @Test func `is followed by the next call whatever the Runtime API said`() throws {
        let behaviour = InTurn(
            .invocation(id: "1"),
            .refusal(413, "RequestEntityTooLarge"),
            .invocation(id: "2"),
            .status(202)
        )
        try ScriptedServer.run(behaviour) { server in
            let client = try RuntimeClient.make(server)
            let first = try client.next()
            #expect(throws: Fault.self) { try client.respond(to: first.requestID, with: []) }
            try client.respond(to: client.next().requestID, with: [])
            let base = "/2018-06-01/runtime/invocation"
            #expect(
                server.requests.map(\.line) == [
                    "GET \(base)/next", "POST \(base)/1/response", "GET \(base)/next",
                    "POST \(base)/2/response",
                ]
            )
        }
    }

    @Test func `is sent again where the connection was lost before any reply`() throws {
        let behaviour = InTurn(.reset(afterBodyBytes: 10), .status(202))
        try ScriptedServer.run(behaviour) { server in
            let answer = [UInt8](repeating: 0x2A, count: 100_000)
            try RuntimeClient.make(server).respond(to: "1", with: answer)
            #expect(server.requests.last?.body == answer)
            #expect(server.requests.count == 2)
        }
    }

    @Test func `counts as arrived where its repeat finds the invocation answered`() throws {
        let behaviour = InTurn(.hangUp, .refusal(403, "InvalidStateTransition"))
        try ScriptedServer.run(behaviour) { server in
            try RuntimeClient.make(server).respond(to: "1", with: [])
            #expect(server.requests.count == 2)
        }
    }

    @Test func `is never sent again unnoticed over a connection that was kept`() throws {
        let behaviour = InTurn(
            .invocation(id: "1"),
            .hangUp,
            .refusal(400, "InvalidRequestID")
        )
        try ScriptedServer.run(behaviour) { server in
            let client = try RuntimeClient.make(server)
            try client.respond(to: client.next().requestID, with: Array("{}".utf8))
            #expect(server.requests.map(\.connection).prefix(2) == [0, 0])
            #expect(server.requests.count == 3)
        }
    }

    @Test func `is not sent again once some of a reply has arrived`() throws {
        let part = Array("HTTP/1.1 202 Accepted\r\nContent-Length: 99\r\n\r\n{".utf8)
        try ScriptedServer.run(InTurn(.resetAfter(part), .status(202))) { server in
            let client = try RuntimeClient.make(server)
            let fault = #expect(throws: Fault.self) { try client.respond(to: "1", with: []) }
            #expect(fault?.kind == .api)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `is sent twice at most`() throws {
        try ScriptedServer.run(InTurn(.hangUp)) { server in
            let client = try RuntimeClient.make(server)
            let fault = #expect(throws: Fault.self) { try client.respond(to: "1", with: []) }
            #expect(fault?.kind == .api)
            #expect(server.requests.count == 2)
        }
    }

    @Test func `of a fault is valid JSON whatever the message holds`() throws {
        try ScriptedServer.run(InTurn(.status(202))) { server in
            try RuntimeClient.make(server).report(fault, for: "1")
            let request = try #require(server.requests.first)
            #expect(request.line == "POST /2018-06-01/runtime/invocation/1/error")
            let body = try JSONValue(parsing: request.body)
            #expect(body["errorMessage"]?.stringValue == fault.description)
            #expect(body["errorType"]?.stringValue == "Runtime.ZygoteGone")
            #expect(body["stackTrace"] == [])
            #expect(request.headers["Lambda-Runtime-Function-Error-Type"] == "Runtime.ZygoteGone")
            #expect(request.headers["Content-Type"] == "application/vnd.aws.lambda.error+json")
            let cause = try #require(request.headers["Lambda-Runtime-Function-XRay-Error-Cause"])
            #expect(cause == XRayCause.header(for: fault))
        }
    }

    @Test func `of a fault at the start goes to the start's own address`() throws {
        try ScriptedServer.run(InTurn(.status(202))) { server in
            try RuntimeClient.make(server).reportInit(fault)
            #expect(server.requests.first?.line == "POST /2018-06-01/runtime/init/error")
            let type = server.requests.first?.headers["Lambda-Runtime-Function-Error-Type"]
            #expect(type == "Runtime.ZygoteGone")
        }
    }

    @Test(arguments: [403, 500])
    func `of a fault at the start that is refused is the interface's own fault`(status: Int) throws
    {
        try ScriptedServer.run(InTurn(.status(status))) { server in
            let client = try RuntimeClient.make(server)
            let refused = #expect(throws: Fault.self) { try client.reportInit(fault) }
            #expect(refused?.kind == .api)
        }
    }
}
