import CSandbox

/// Calls the body while the kernel seems to refuse these calls to this thread.
func refusing<Result>(_ calls: rampart_call..., body: () throws -> Result) throws -> Result {
    let mask = calls.reduce(0) { $0 | $1.rawValue }
    guard rampart_refuse(mask) == 0 else { throw NoDebugBuild() }
    defer { rampart_refuse(0) }
    return try body()
}

/// The tests were built for release, where no call can be refused.
struct NoDebugBuild: Error {}
