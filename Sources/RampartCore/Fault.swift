/// Something that Rampart itself, or the platform under it, did wrong.
///
/// What the script did is an ``Outcome``; nothing is both. A fault says what was tried and why it failed,
/// and never holds a payload or a secret.
package struct Fault: Error, Hashable, Sendable {
    /// The stable names under which the platform records faults.
    package enum Kind: String, Sendable, CaseIterable {
        case invalidConfiguration = "Runtime.InvalidConfiguration"
        case missingEngine = "Runtime.MissingEngine"
        case zygoteStart = "Runtime.ZygoteStart"
        case zygoteGone = "Runtime.ZygoteGone"
        case workerStart = "Runtime.WorkerStart"
        case scratch = "Runtime.Scratch"
        case inputRefused = "Runtime.InputRefused"
        case api = "Runtime.ApiFailure"
        case deadline = "Runtime.DeadlineTooNear"
        case answerRefused = "Runtime.AnswerRefused"
        case tainted = "Runtime.Tainted"
        case internalError = "Runtime.InternalError"
    }

    package let kind: Kind
    /// What was tried, on what: "start the zygote".
    package let action: String
    package let cause: String

    package init(_ kind: Kind, couldNot action: String, cause: String) {
        self.kind = kind
        self.action = action
        self.cause = cause
    }

    /// Nothing is left of the invocation's time for the script.
    package static let noTimeLeft = Fault(
        .deadline,
        couldNot: "run the script",
        cause: "nothing is left of the invocation's time: raise the function's timeout"
    )
}

extension Fault: CustomStringConvertible {
    package var description: String { "could not \(action): \(cause)" }

    /// The name that the platform records: `Runtime.ZygoteGone`.
    package var errorType: String { kind.rawValue }
}
