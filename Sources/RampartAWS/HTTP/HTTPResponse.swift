/// A complete HTTP reply.
struct HTTPResponse: Sendable, Hashable {
    let status: Int
    /// Their names' case does not count.
    let headers: [HTTPHeader]
    /// Whole for a 2xx status; of any other, at most the first 64 KB.
    let body: [UInt8]

    init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
