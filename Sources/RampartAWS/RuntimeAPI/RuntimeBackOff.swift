/// How often `next` is tried in a row, and how long is waited between.
enum RuntimeBackOff {
    /// The waits after lost connections: at once where the process was thawed and its connection had
    /// died meanwhile, then longer and longer, then no more.
    static let connectionLost: [Duration] = [
        .zero, .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800),
    ]

    /// The waits after a 403: this runtime called out of turn, which another moment may mend.
    static let outOfTurn: [Duration] = [.milliseconds(100), .milliseconds(200)]
}
