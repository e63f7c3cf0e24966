/// What an invocation asks for.
package enum Event: Sendable, Hashable {
    case run(RunRequest)
    /// What a model should know before it writes code.
    case capabilities
    /// The doctor's probes, where the function is deployed.
    case selfTest
}

/// Why an event is not a valid request, and where.
package struct Rejection: Error, Sendable, Hashable {
    /// A JSON pointer (RFC 6901) to the field; empty for the whole document.
    package let pointer: String
    /// A sentence that says what to do.
    package let message: String

    package init(at pointer: String, _ message: String) {
        self.pointer = pointer
        self.message = message
    }
}
