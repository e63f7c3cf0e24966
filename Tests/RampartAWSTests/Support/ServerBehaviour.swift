@testable import RampartAWS

/// How a test's server behaves.
protocol ServerBehaviour: Sendable {
    /// Decides what the server does about a request.
    ///
    /// - Parameters:
    ///   - request: its head; the body has not been read.
    ///   - number: how many came before it.
    /// - Returns: what it does.
    func reaction(to request: RecordedRequest, number: Int) -> ServerReaction
}

/// What a test's server does about one request.
enum ServerReaction: Sendable {
    /// Reads the body and replies.
    case reply(HTTPResponse)
    /// Reads the body and writes these bytes, each piece by a call of its own.
    case raw([[UInt8]])
    /// Reads the body and ends the connection in an orderly way, without a reply.
    case hangUp
    /// Reads this much of the body, and resets the connection.
    case reset(afterBodyBytes: Int)
    /// Reads the body, writes these bytes, and resets the connection.
    case resetAfter([UInt8])
    /// Reads the body and never replies.
    case stall
    /// Reads the body and replies, and from then on the connection is dead without a word.
    case replyAndFallSilent(HTTPResponse)

    /// Replies with a status, and a body where one is given.
    static func status(
        _ status: Int,
        _ headers: [HTTPHeader] = [],
        _ body: String = ""
    ) -> ServerReaction {
        .reply(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
    }
}

/// Behaves as a list says, and as its last element says from there on.
struct InTurn: ServerBehaviour {
    let reactions: [ServerReaction]

    init(_ reactions: ServerReaction...) { self.reactions = reactions }

    func reaction(to request: RecordedRequest, number: Int) -> ServerReaction {
        reactions[min(number, reactions.count - 1)]
    }
}
