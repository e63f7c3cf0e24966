/// One HTTP request, with what bounds its answer.
struct HTTPRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
    }

    /// A signature that libcurl makes over the request: AWS's version 4.
    struct Signature: Sendable {
        let region: String
        let accessKeyID: String
        let secretAccessKey: String
    }

    var method: Method
    /// With its path and query already percent-encoded; sent as it is.
    var url: String
    /// All that is sent beside `Host`, `Content-Length` and what a signature adds.
    var headers: [HTTPHeader]
    var body: HTTPBody?
    var signature: Signature?
    /// The most bytes that a reply with a 2xx status may have.
    var mostReplyBytes: Int

    init(
        _ method: Method,
        _ url: String,
        headers: [HTTPHeader] = [],
        body: HTTPBody? = nil,
        signature: Signature? = nil,
        mostReplyBytes: Int = 64 << 10
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.signature = signature
        self.mostReplyBytes = mostReplyBytes
    }
}
