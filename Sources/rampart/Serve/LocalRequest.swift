/// A caller's HTTP/1.1 request, read as far as it must be understood to be passed on.
struct LocalRequest {
    /// Why a request is not passed on.
    struct Refusal: Error, Equatable {
        let status: String
        let message: String
    }

    /// The most bytes that the head and the body may have.
    static let mostHeadBytes = 64 << 10
    static let mostBodyBytes = 6_291_556

    /// The head up to its empty line, with the connection closed after the answer.
    let head: [UInt8]
    /// How long the body is.
    let bodyBytes: Int
    /// Whether the caller waits to be told to send the body.
    let expectsContinue: Bool

    /// Reads a head, given the bytes before its empty line.
    init(head bytes: [UInt8]) throws(Refusal) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        guard words.count == 3, words[0] == "POST", words[1] == Self.path else {
            let message = "POST \(Self.path) is the one thing that is answered here"
            throw Refusal(status: "404 Not Found", message: message)
        }
        let fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            return (
                name: parts.first?.lowercased() ?? "",
                value: Self.trimmed(parts.dropFirst().first ?? "")
            )
        }
        let value = { (name: String) in fields.first { $0.name == name }?.value }
        guard value("transfer-encoding") == nil else {
            throw Refusal(
                status: "411 Length Required",
                message: "send a Content-Length, not chunks"
            )
        }
        guard let length = Int(value("content-length") ?? "0"),
            (0...Self.mostBodyBytes).contains(length)
        else {
            let message = "an event may have up to \(Self.mostBodyBytes) bytes"
            throw Refusal(status: "413 Content Too Large", message: message)
        }
        bodyBytes = length
        expectsContinue = value("expect")?.lowercased() == "100-continue"
        let kept = lines.filter { line in
            let name = line.lowercased()
            return !name.hasPrefix("connection:") && !name.hasPrefix("expect:")
        }
        head = Array((kept + ["Connection: close", "", ""]).joined(separator: "\r\n").utf8)
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static let path = "/2015-03-31/functions/function/invocations"
}
