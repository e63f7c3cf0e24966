import RampartCore
import SystemPackage

/// Tries whether the shield holds, by reading what it is to close.
enum ShieldCheck {
    /// Returns whether a run's user can read neither the host nor the zygote.
    static func enforcement(zygote: Zygote, user: UInt32?) -> Enforcement {
        do {
            for target in [SystemCalls.processID, zygote.pid]
            where try SystemCalls.canRead(target, as: user) {
                return .unavailable("READABLE")
            }
            return .enforced
        } catch {
            return .unavailable(ErrnoName.of(error.rawValue))
        }
    }
}
