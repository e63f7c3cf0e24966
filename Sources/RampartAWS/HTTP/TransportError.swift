import RampartCore

/// Why a request got no complete reply.
struct TransportError: Error, Sendable, Hashable {
    enum Kind: String, Sendable {
        case nameNotResolved = "NameNotResolved"
        case connectionFailed = "ConnectionFailed"
        case connectionLost = "ConnectionLost"
        /// The time for all of it was up.
        case timedOut = "TimedOut"
        /// No byte moved for so long that the connection counts as dead.
        case stalled = "Stalled"
        /// The process was told to stop.
        case stopped = "Stopped"
        case secureChannelFailed = "SecureChannelFailed"
        case certificateRefused = "CertificateRefused"
        case replyTooLarge = "ReplyTooLarge"
        case malformedReply = "MalformedReply"
        case bodyUnreadable = "BodyUnreadable"
        case requestInvalid = "RequestInvalid"
    }

    let kind: Kind
    /// What libcurl says of it; no address, no payload.
    let detail: String
    /// Whether at least one line of a reply had arrived: then the server has seen the request.
    let receivedAnything: Bool

    init(_ kind: Kind, _ detail: String, receivedAnything: Bool = false) {
        self.kind = kind
        self.detail = detail
        self.receivedAnything = receivedAnything
    }

    /// Whether the request is to be sent again here and now.
    var isWorthRepeating: Bool { isTransient && kind != .stopped }

    /// Whether connections that stood at the same time may be dead as well.
    var castsDoubtOnOthers: Bool {
        kind == .connectionLost || kind == .stalled || kind == .timedOut
    }

    /// Whether the same request may succeed another time.
    var isTransient: Bool {
        switch kind {
        case .nameNotResolved, .connectionFailed, .connectionLost, .timedOut, .stalled,
            .stopped, .secureChannelFailed, .malformedReply:
            true
        case .certificateRefused, .replyTooLarge, .bodyUnreadable, .requestInvalid: false
        }
    }
}

extension TransportError: CustomStringConvertible {
    var description: String { detail }
}
