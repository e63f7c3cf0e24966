/// How a run ended, in one word.
package enum Status: String, Sendable, CaseIterable {
    case completed, failed, exceeded, killed, rejected
}
