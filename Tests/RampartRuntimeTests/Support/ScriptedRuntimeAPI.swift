import RampartCore
import Testing

/// A Runtime API that hands out the invocations of a list, and refuses calls in the wrong order: one answer to
/// each invocation, before the next, for its own id.
final class ScriptedRuntimeAPI: InvocationTransport {
    enum Call: Equatable {
        case next
        case respond(id: String, status: String?)
        case report(id: String, Fault.Kind)
    }

    private enum State {
        case idle
        case running(id: String)
    }

    private var invocations: [Invocation]
    private var state = State.idle
    private(set) var calls: [Call] = []
    private(set) var answers: [[UInt8]] = []
    /// What a post is refused with, by how many posts came before it.
    var refusals: [Int: Fault] = [:]
    private var posts = 0

    init(_ invocations: [Invocation]) { self.invocations = invocations }

    convenience init(_ payloads: String...) {
        self.init(
            payloads.enumerated().map { index, payload in
                Invocation(
                    requestID: "id-\(index + 1)",
                    payload: Array(payload.utf8),
                    deadline: nil
                )
            }
        )
    }

    /// Hands out the next invocation; where there is none, the platform is gone.
    func next() throws(Fault) -> Invocation {
        guard case .idle = state else { throw Self.wrongOrder("next, before an answer") }
        guard !invocations.isEmpty else {
            throw Fault(.api, couldNot: "take an invocation", cause: "that was all")
        }
        calls.append(.next)
        let invocation = invocations.removeFirst()
        state = .running(id: invocation.requestID)
        return invocation
    }

    func respond(to requestID: String, with envelope: [UInt8]) throws(Fault) {
        let status = (try? JSONValue(parsing: envelope))?["status"]?.stringValue
        try take(.respond(id: requestID, status: status), for: requestID)
        answers.append(envelope)
    }

    func report(_ fault: Fault, for requestID: String) throws(Fault) {
        try take(.report(id: requestID, fault.kind), for: requestID)
    }

    private func take(_ call: Call, for requestID: String) throws(Fault) {
        guard case .running(requestID) = state else { throw Self.wrongOrder("\(call)") }
        calls.append(call)
        state = .idle
        defer { posts += 1 }
        if let refusal = refusals[posts] { throw refusal }
    }

    private static func wrongOrder(_ call: String) -> Fault {
        Issue.record("a call in the wrong order: \(call)")
        return Fault(.tainted, couldNot: "keep the order", cause: call)
    }
}
