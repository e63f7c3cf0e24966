/// How a run ended: what the script did, told by the kernel and, where nothing contradicts it, by itself.
package struct Outcome: Sendable, Hashable {
    package let status: Status
    /// Nil only where it completed.
    package let error: RunError?
    package let limit: LimitName?
    /// Whether the same request may end otherwise on another try.
    package let retryable: Bool

    package static let completed = Outcome(
        status: .completed,
        error: nil,
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
            error: RunError(.request, message, pointer: rejection.pointer),
            limit: nil,
            retryable: false
        )
    }
}
