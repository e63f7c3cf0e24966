import RampartCore

/// What one transfer has sent and received so far; libcurl's callbacks write here.
final class TransferProgress {
    /// Why this side broke the transfer off, where it did.
    private(set) var failure: TransportError?
    /// Whether at least one line of a reply has arrived.
    private(set) var receivedAnything = false

    /// How many bytes were handed to libcurl or taken from it.
    var movedBytes: Int { sent + received }

    private let body: HTTPBody?
    private let mostReplyBytes: Int
    private var sent = 0
    private var received = 0
    private var status = 0
    private var headers: [HTTPHeader] = []
    private var reply: [UInt8] = []
    private var openedSockets: Int64 = 0

    init(of request: HTTPRequest) {
        body = request.body
        mostReplyBytes = request.mostReplyBytes
    }

    /// The reply, once libcurl says that it is complete.
    var response: HTTPResponse { HTTPResponse(status: status, headers: headers, body: reply) }

    /// Notes a socket that libcurl is about to connect.
    func openedSocket() {
        OpenedConnections.begin()
        openedSockets += 1
    }

    /// Returns how many there were since the last call.
    func takeOpenedSockets() -> Int64 {
        defer { openedSockets = 0 }
        return openedSockets
    }

    /// Takes one line of the reply's head.
    func take(headerLine bytes: [UInt8]) {
        receivedAnything = true
        received += bytes.count
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            // A further status line begins the true reply after an interim one.
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            headers = []
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...]
            headers.append(HTTPHeader(String(line[..<colon]), Self.trimmed(value)))
        }
    }

    /// Takes some of the reply's body.
    ///
    /// - Returns: false where the transfer must end, for the reply is larger than its bound.
    func take(replyBytes bytes: [UInt8]) -> Bool {
        received += bytes.count
        guard (200...299).contains(status) else {
            // An error's explanation need not be whole.
            reply += bytes.prefix(Self.mostErrorBytes - reply.count)
            return true
        }
        let announced = headers["Content-Length"].flatMap { Int($0) } ?? 0
        guard max(announced, reply.count + bytes.count) <= mostReplyBytes else {
            failure = TransportError(
                .replyTooLarge,
                "the reply is larger than \(mostReplyBytes) bytes",
                receivedAnything: true
            )
            return false
        }
        if reply.isEmpty { reply.reserveCapacity(announced) }
        reply += bytes
        return true
    }

    /// Returns the next bytes to send, at most `count`; none at the end, nil where they cannot be read.
    func nextBytes(upTo count: Int) -> ArraySlice<UInt8>? {
        guard let body, sent < body.byteCount else { return [] }
        do {
            let bytes = try body.read(upTo: min(count, Self.chunkBytes), at: sent)
            guard !bytes.isEmpty else { return breakOff("the content ended before its length") }
            sent += bytes.count
            return bytes
        } catch {
            return breakOff(error.description)
        }
    }

    private func breakOff(_ detail: String) -> ArraySlice<UInt8>? {
        failure = TransportError(.bodyUnreadable, detail, receivedAnything: receivedAnything)
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        return String(text.drop(while: blank).reversed().drop(while: blank).reversed())
    }

    private static let mostErrorBytes = 64 << 10
    private static let chunkBytes = 64 << 10
}
