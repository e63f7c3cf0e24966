/// One HTTP request, with what bounds its answer.
struct HTTPRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
    }

    var method: Method
    /// With its path and query already percent-encoded; sent as it is.
    var url: String
    /// All that is sent beside `Content-Length` and, where it is not among them, `Host`.
    var headers: [HTTPHeader]
    var body: HTTPBody?
    /// The most bytes that a reply with a 2xx status may have.
    var mostReplyBytes: Int

    init(
        _ method: Method,
        _ url: String,
        headers: [HTTPHeader] = [],
        body: HTTPBody? = nil,
        mostReplyBytes: Int = 64 << 10
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.mostReplyBytes = mostReplyBytes
    }
}
