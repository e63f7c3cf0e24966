import RampartCore

@testable import RampartAWS

extension ServerReaction {
    /// Hands over an invocation, as the Runtime API does.
    static func invocation(
        id: String? = "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
        deadline: String? = nil,
        _ more: [HTTPHeader] = [],
        _ body: String = "{}"
    ) -> ServerReaction {
        var headers = [HTTPHeader("Content-Type", "application/json")]
        if let id { headers.append(HTTPHeader("Lambda-Runtime-Aws-Request-Id", id)) }
        if let deadline { headers.append(HTTPHeader("Lambda-Runtime-Deadline-Ms", deadline)) }
        return .status(200, headers + more, body)
    }

    /// Refuses a call, as the Runtime API does.
    static func refusal(_ status: Int, _ errorType: String) -> ServerReaction {
        .status(status, [], #"{"errorMessage":"no","errorType":"\#(errorType)"}"#)
    }
}

extension RuntimeClient {
    /// Makes a client of a server of the test's, which waits for nothing.
    static func make(
        _ server: ScriptedServer,
        wallClock: @escaping () -> Int64 = RuntimeClient.unixMilliseconds,
        pause: @escaping (Duration) -> Void = { _ in }
    ) throws -> RuntimeClient {
        RuntimeClient(
            try RuntimeAddress("127.0.0.1:\(server.port)"),
            wallClock: wallClock,
            pause: pause
        )
    }
}
