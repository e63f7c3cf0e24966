import RampartCore
import Testing

@testable import RampartAWS

@Suite("The next invocation")
struct NextInvocationTests {
    @Test func `carries what its headers say`() throws {
        let headers = [
            HTTPHeader(
                "lambda-runtime-trace-id",
                "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1"
            ),
            HTTPHeader("LAMBDA-RUNTIME-AWS-TENANT-ID", "tenant-7"),
            HTTPHeader(
                "Lambda-Runtime-Invoked-Function-Arn",
                "arn:aws:lambda:eu-central-1:1:function:f"
            ),
            HTTPHeader("Lambda-Runtime-Client-Context", #"{"custom":{"a":"b"}}"#),
            HTTPHeader("Lambda-Runtime-Cognito-Identity", #"{"cognitoIdentityId":"i"}"#),
        ]
        let behaviour = InTurn(.invocation(deadline: "1500000030000", headers, #"{"code":"1"}"#))
        try ScriptedServer.run(behaviour) { server in
            let before = ContinuousClock.now
            let client = try RuntimeClient.make(server, wallClock: { 1_500_000_000_000 })
            let invocation = try client.next()
            #expect(invocation.requestID == "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
            #expect(invocation.payload == Array(#"{"code":"1"}"#.utf8))
            #expect(invocation.traceID == "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1")
            #expect(invocation.tenantID == "tenant-7")
            #expect(invocation.functionARN == "arn:aws:lambda:eu-central-1:1:function:f")
            #expect(invocation.clientContext == #"{"custom":{"a":"b"}}"#)
            #expect(invocation.cognitoIdentity == #"{"cognitoIdentityId":"i"}"#)
            let instant = try #require(invocation.deadline?.instant)
            #expect(instant >= before + .seconds(30))
            #expect(instant <= .now + .seconds(30))
        }
    }

    @Test func `is asked for by the documented call and nothing else`() throws {
        try ScriptedServer.run(InTurn(.invocation())) { server in
            _ = try RuntimeClient.make(server).next()
            let request = try #require(server.requests.first)
            #expect(request.line == "GET /2018-06-01/runtime/invocation/next")
            #expect(request.headerNames == ["host", "user-agent"])
            #expect(request.headers["User-Agent"] == "rampart/\(Engine.version)")
        }
    }

    @Test func `has nothing that is not sent`() throws {
        try ScriptedServer.run(InTurn(.invocation())) { server in
            let invocation = try RuntimeClient.make(server).next()
            #expect(invocation.deadline == nil)
            #expect(invocation.traceID == nil)
            #expect(invocation.tenantID == nil)
            #expect(invocation.functionARN == nil)
            #expect(invocation.clientContext == nil)
            #expect(invocation.cognitoIdentity == nil)
        }
    }

    @Test(arguments: ["soon", "", "9999999999999999999999"])
    func `has no deadline where it does not parse`(text: String) throws {
        try ScriptedServer.run(InTurn(.invocation(deadline: text))) { server in
            let invocation = try RuntimeClient.make(server).next()
            #expect(invocation.deadline == nil)
        }
    }

    @Test func `has no time left where its deadline has passed`() throws {
        try ScriptedServer.run(InTurn(.invocation(deadline: "1"))) { server in
            let invocation = try RuntimeClient.make(server).next()
            #expect(invocation.deadline?.budget(reserving: .zero) == .zero)
        }
    }

    @Test func `may come in chunks and in pieces`() throws {
        let text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
            + "Lambda-Runtime-Aws-Request-Id: split\r\n\r\n5\r\n{\"a\":\r\n2\r\n1}\r\n0\r\n\r\n"
        let pieces = text.utf8.map { [$0] }
        try ScriptedServer.run(InTurn(.raw(pieces))) { server in
            let invocation = try RuntimeClient.make(server).next()
            #expect(invocation.requestID == "split")
            #expect(invocation.payload == Array(#"{"a":1}"#.utf8))
        }
    }

    @Test func `may have six megabytes`() throws {
        let event = "\"" + String(repeating: "x", count: 6_291_554) + "\""
        try ScriptedServer.run(InTurn(.invocation([], event))) { server in
            let invocation = try RuntimeClient.make(server).next()
            #expect(invocation.payload.count == 6_291_556)
        }
    }

    @Test func `is asked for again where the connection was reset`() throws {
        let behaviour = InTurn(.reset(afterBodyBytes: 0), .invocation(id: "second"))
        try ScriptedServer.run(behaviour) { server in
            var pauses: [Duration] = []
            let client = try RuntimeClient.make(server, pause: { pauses.append($0) })
            let invocation = try client.next()
            #expect(invocation.requestID == "second")
            #expect(pauses == [.zero])
        }
    }

    @Test func `is asked for over a new connection where the old one died in the freezer`() throws {
        let reply =
            "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: first\r\nContent-Length: 0\r\n\r\n"
        let behaviour = InTurn(.resetAfter(Array(reply.utf8)), .invocation(id: "second"))
        try ScriptedServer.run(behaviour) { server in
            let client = try RuntimeClient.make(server)
            let ids = [try client.next().requestID, try client.next().requestID]
            #expect(ids.last == "second")
            #expect(server.requests.map(\.connection) == [0, 1])
        }
    }

    @Test func `is not asked for without end where every connection is lost`() throws {
        try ScriptedServer.run(InTurn(.hangUp)) { server in
            var pauses: [Duration] = []
            let client = try RuntimeClient.make(server, pause: { pauses.append($0) })
            let fault = #expect(throws: Fault.self) { try client.next() }
            #expect(fault?.kind == .api)
            #expect(pauses == RuntimeBackOff.connectionLost)
            #expect(server.requests.count == pauses.count + 1)
        }
    }

    @Test func `is asked for a few times more where the call is out of turn`() throws {
        let refusal = ServerReaction.refusal(403, "InvalidStateTransition")
        try ScriptedServer.run(InTurn(refusal, .invocation(id: "second"))) { server in
            let invocation = try RuntimeClient.make(server).next()
            #expect(invocation.requestID == "second")
        }
        try ScriptedServer.run(InTurn(refusal)) { server in
            let client = try RuntimeClient.make(server)
            let fault = #expect(throws: Fault.self) { try client.next() }
            #expect(fault?.kind == .api)
            #expect(server.requests.count == RuntimeBackOff.outOfTurn.count + 1)
        }
    }

    @Test(arguments: [500, 404, 202])
    func `is given up at once on any other status`(status: Int) throws {
        try ScriptedServer.run(InTurn(.status(status))) { server in
            let client = try RuntimeClient.make(server)
            let fault = #expect(throws: Fault.self) { try client.next() }
            #expect(fault?.kind == .api)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `is refused without a request id`() throws {
        try ScriptedServer.run(InTurn(.invocation(id: nil))) { server in
            let client = try RuntimeClient.make(server)
            let fault = #expect(throws: Fault.self) { try client.next() }
            #expect(fault?.kind == .api)
        }
    }

    @Test func `comes over the connection that the answer went out on`() throws {
        let behaviour = InTurn(.invocation(), .status(202), .invocation(), .status(202))
        try ScriptedServer.run(behaviour) { server in
            let client = try RuntimeClient.make(server)
            for _ in 0..<2 {
                try client.respond(to: client.next().requestID, with: Array("{}".utf8))
            }
            #expect(server.requests.map(\.connection) == [0, 0, 0, 0])
        }
    }
}
