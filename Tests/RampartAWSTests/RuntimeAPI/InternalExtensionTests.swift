import RampartCore
import Testing

@testable import RampartAWS

@Suite("The internal extension")
struct InternalExtensionTests {
    @Test func `registers for no event and waits with its identifier`() throws {
        let behaviour = InTurn(
            .status(200, [HTTPHeader("Lambda-Extension-Identifier", "ext-1")]),
            .stall
        )
        try ScriptedServer.run(behaviour) { server in
            let address = try RuntimeAddress("127.0.0.1:\(server.port)")
            let registration = try InternalExtension(named: "rampart", at: address)
            try registration.beginWaiting()
            while server.requests.count < 2 { RuntimeClient.sleep(.milliseconds(1)) }
            let requests = server.requests
            try #require(requests.count == 2)
            #expect(requests[0].line == "POST /2020-01-01/extension/register")
            #expect(requests[0].headers["Lambda-Extension-Name"] == "rampart")
            #expect(requests[0].body == Array(#"{"events":[]}"#.utf8))
            #expect(requests[1].line == "GET /2020-01-01/extension/event/next")
            #expect(requests[1].headers["Lambda-Extension-Identifier"] == "ext-1")
            #expect(requests[1].connection != requests[0].connection)
        }
    }

    @Test func `says so where it is refused`() throws {
        try ScriptedServer.run(InTurn(.refusal(403, "Extension.RegistrationClosed"))) { server in
            let address = try RuntimeAddress("127.0.0.1:\(server.port)")
            let fault = #expect(throws: Fault.self) {
                try InternalExtension(named: "rampart", at: address)
            }
            #expect(fault?.description.contains("403") == true)
        }
    }
}
