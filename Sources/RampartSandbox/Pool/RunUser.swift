/// A user that one run is, claimed from all other hosts on this machine.
final class RunUser: Sendable {
    let id: UInt32
    private let claim: OwnedDescriptor

    /// - Returns: nil where another host has claimed it.
    init?(claiming id: UInt32) {
        guard let claim = try? SystemCalls.claimName("rampart-user-\(id)") else { return nil }
        self.id = id
        self.claim = claim
    }
}
