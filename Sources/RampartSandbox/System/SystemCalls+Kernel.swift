import CSandbox
import Glibc
import SystemPackage

/// What outlives its maker in the kernel: System V objects and keys.
extension SystemCalls {
    /// Empties the kernel's keyring of the host's user, where that is allowed.
    static func clearKeys() { rampart_clear_keys() }

    /// The user's System V objects.
    ///
    /// - Throws: where they cannot be listed.
    static func systemVObjects(of user: UInt32) throws(Errno) -> Set<SystemVObject> {
        var capacity = 0
        while true {
            var count: CInt = 0
            // SAFETY: no more than the capacity is written, and that is what is initialised.
            let objects = unsafe [rampart_ipc](unsafeUninitializedCapacity: capacity) {
                buffer,
                initialized in
                count = unsafe rampart_list_ipc(user, buffer.baseAddress, capacity)
                initialized = min(capacity, max(0, Int(count)))
            }
            try check(count)
            if count <= capacity {
                return Set(objects.map { SystemVObject(kind: $0.kind, identifier: $0.identifier) })
            }
            // There may be more by the next time.
            capacity = Int(count) + 64
        }
    }

    /// Removes a System V object; one that is gone is no failure.
    static func remove(_ object: SystemVObject) throws(Errno) {
        try check(
            rampart_remove_ipc(rampart_ipc(kind: object.kind, identifier: object.identifier))
        )
    }
}
