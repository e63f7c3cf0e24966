/// How a run ended: what the script did, told by the kernel and, where nothing contradicts it, by itself.
package struct Outcome: Sendable, Hashable {
    package let status: Status
    package let error: JSONValue
    package let limit: LimitName?
    /// Whether the same request may end otherwise on another try.
    package let retryable: Bool

    package static let completed = Outcome(
        status: .completed,
        error: .null,
        limit: nil,
        retryable: false
    )

    /// A request that is not valid.
    package static func rejected(_ rejection: Rejection) -> Outcome {
        let message =
            rejection.pointer.isEmpty
            ? rejection.message : "\(rejection.pointer) \(rejection.message)"
        return Outcome(
            status: .rejected,
            error: error("request", message, ["pointer": .string(rejection.pointer)]),
            limit: nil,
            retryable: false
        )
    }

    /// An error object with every field of the contract, those that are not given `null` or empty.
    static func error(
        _ kind: String,
        _ message: String,
        _ fields: [String: JSONValue] = [:]
    ) -> JSONValue {
        let base: [String: JSONValue] = [
            "kind": .string(kind), "message": .string(message), "class": [], "call": .null,
            "line": .null, "column": .null, "traceback": [], "hints": [],
        ]
        return .object(base.merging(fields) { _, given in given })
    }
}
