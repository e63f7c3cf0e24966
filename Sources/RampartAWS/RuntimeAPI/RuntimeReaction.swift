import RampartCore

/// What the Runtime API's status for a post means.
enum RuntimeReaction: Sendable, Hashable {
    /// It has what was posted.
    case accepted
    /// It has not; the fault says why, and its kind what is left to do.
    case refused(Fault)

    /// Reads the reaction off a reply.
    ///
    /// - Parameters:
    ///   - reply: what the Runtime API said.
    ///   - post: what was posted.
    ///   - isRepeat: whether it was posted before, over a connection that was lost.
    init(to reply: HTTPResponse, of post: RuntimePost, isRepeat: Bool) {
        let errorType = Self.errorType(in: reply.body)
        switch (reply.status, post) {
        case (202, _): self = .accepted
        case (400, .answer) where errorType == "TruncatedHTTPRequest",
            (400, .fault) where errorType == "TruncatedHTTPRequest":
            self = .refused(.answerRefused, post, "it arrived cut short")
        case (400, .answer), (403, .answer), (400, .fault), (403, .fault):
            // After a repeat it was the first copy that arrived; only its receipt was lost.
            self = isRepeat ? .accepted : .refused(.tainted, post, Self.finished(reply, errorType))
        case (410, _): self = .refused(.deadline, post, "the invocation has timed out")
        case (413, _): self = .refused(.answerRefused, post, Self.tooLarge)
        default: self = .refused(.api, post, "the Runtime API answered \(reply.status)")
        }
    }

    private static func refused(
        _ kind: Fault.Kind,
        _ post: RuntimePost,
        _ cause: String
    ) -> RuntimeReaction {
        .refused(Fault(kind, couldNot: post.action, cause: cause))
    }

    private static func finished(_ reply: HTTPResponse, _ errorType: String?) -> String {
        let answer = [String(reply.status), errorType].compactMap(\.self).joined(separator: " ")
        return "the invocation is not open any more (\(answer)): another process has answered it"
    }

    private static func errorType(in body: [UInt8]) -> String? {
        guard let type = try? JSONValue(parsing: body)["errorType"]?.stringValue,
            type.utf8.count <= 80, type.utf8.allSatisfy(ASCII.isNameByte)
        else { return nil }
        return type
    }

    private static let tooLarge = "it is over the 6 MB of an answer; the caller has been told"
}
