import SystemPackage

/// By what hosts on one machine know each other: each holds a name as long as it lives.
struct HostClaim: Sendable {
    private let name: OwnedDescriptor?

    /// Claims this process's name.
    init() { name = try? SystemCalls.claimName(Self.name(of: SystemCalls.processID)) }

    /// Whether a process is a host that lives.
    static func isHost(_ pid: Int32) -> Bool {
        do {
            _ = try SystemCalls.claimName(name(of: pid))
            return false
        } catch {
            return error == .addressInUse
        }
    }

    private static func name(of pid: Int32) -> String { "rampart-host-\(pid)" }
}
