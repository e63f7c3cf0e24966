/// What is posted to the Runtime API.
enum RuntimePost: Sendable, Hashable {
    case answer(requestID: String)
    case fault(requestID: String)
    case initFault

    /// The address, after the version.
    var path: String {
        switch self {
        case .answer(let id): "/runtime/invocation/\(PercentEncoding.encode(id))/response"
        case .fault(let id): "/runtime/invocation/\(PercentEncoding.encode(id))/error"
        case .initFault: "/runtime/init/error"
        }
    }

    /// What a fault of posting it says was tried.
    var action: String {
        switch self {
        case .answer: "post the answer"
        case .fault: "post the fault"
        case .initFault: "post why the runtime cannot start"
        }
    }
}
